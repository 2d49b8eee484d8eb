/**
 * What the page looks like beyond the style of all reports.
 *
 * @module
 */

/** Style sheet, to stand after that of the reports. */
export const APP_STYLE = `
[hidden]{display:none!important}
header p{max-width:44rem}
.eyebrow{color:var(--accent);font-weight:600;margin:0}
button,select,input[type=text]{font:inherit;color:inherit;background:var(--soft);
border:1px solid var(--muted);border-radius:8px;padding:.5rem .9rem;min-height:2.75rem}
button{cursor:pointer}
th button{min-height:0}
button:disabled{opacity:.5;cursor:default}
button:hover{border-color:var(--accent)}
button.main{background:var(--accent);border-color:var(--accent);color:var(--surface)}
button small{display:block;font-size:.8rem;opacity:.85;overflow-wrap:anywhere}
.chooser{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.4rem}
.chooser .main{flex:1 1 20rem;min-height:5.5rem;font-size:1.15rem;font-weight:600}
.chooser .main small{font-weight:400}
.chooser #sample{flex:1 1 12rem}
.chooser p{flex-basis:100%;margin:0}
body.dropping .chooser .main{outline:3px dashed var(--accent);outline-offset:4px}
#running{margin-top:1.4rem}
#status{margin:0 0 .4rem}
.bar{display:flex;align-items:center;gap:.75rem}
progress{flex:1;min-width:4rem;height:.6rem;accent-color:var(--accent)}
#share{min-width:3.2em;text-align:right;font-variant-numeric:tabular-nums}
#failure pre,#curve-empty pre{border-left:3px solid var(--series-1)}
#failure pre{margin-top:1.4rem}
.quote{display:block;white-space:pre;overflow-x:auto}
fieldset{border:0;padding:0;margin:.6rem 0;display:flex;flex-wrap:wrap;gap:0 1.4rem}
legend{padding:0;color:var(--muted);font-size:.9rem}
fieldset label{display:flex;align-items:baseline;gap:.45rem;padding:.35rem 0}
input[type=radio]{accent-color:var(--accent);width:1.1rem;height:1.1rem;flex:none;
translate:0 .15rem}
#chart{min-height:230px;cursor:crosshair;touch-action:pan-y}
#chart svg{display:block;max-width:100%}
#chart text{fill:var(--muted);font-size:12px}
#chart .grid{stroke:var(--grid)}
#chart path{fill:none;stroke-width:2.5;stroke-linejoin:round}
#chart path.lru{stroke:var(--series-0)}
#chart path.optimum{stroke:var(--series-1)}
#chart circle.lru{fill:var(--series-0)}
#chart circle.optimum{fill:var(--series-1)}
#chart circle.marked{stroke:var(--surface);stroke-width:2}
#chart .ceiling{stroke:var(--series-2);stroke-width:2;stroke-dasharray:6 4}
#chart .marker{stroke:var(--ink);stroke-width:1}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;font-size:.9rem;margin:.2rem 0}
.key span::before{content:"";display:inline-block;width:1.4rem;height:0;
border-top:3px solid;vertical-align:middle;margin-right:.4rem}
.key .lru::before{border-color:var(--series-0)}
.key .optimum::before{border-color:var(--series-1)}
.key .ceiling::before{border-top-style:dashed;border-color:var(--series-2)}
.fields{display:flex;flex-wrap:wrap;gap:.5rem 1.4rem;margin-bottom:.9rem}
.fields label{display:block;color:var(--muted);font-size:.9rem}
#sizing>label{display:block;margin-top:1rem}
#sizing output{font-weight:600}
input[type=range]{display:block;width:100%;max-width:48rem;margin:.2rem 0 .5rem;height:2.4rem;
accent-color:var(--accent)}
.wrong{color:var(--series-1);margin:.2rem 0 0;max-width:20rem;font-size:.9rem}
.wrong:empty{display:none}
select,input[type=text]{max-width:100%}
.warning{border-left:3px solid var(--series-1);padding-left:1rem}
`.trim();
