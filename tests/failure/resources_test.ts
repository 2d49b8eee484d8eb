/**
 * What runs out: memory before an endless line, the disk before a report, the patience of the user.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { command, CONVERSATION, inFolder, KVTIER, kvtier, namesIn, text } from "../e2e/command.ts";

const RUNS = ["-p", "lru", "-c", "10"];
const isLinux = Deno.build.os === "linux";

/** The most memory that a process held, in MiB, watched until it ends; 0 where nobody can tell. */
async function peakMiB(process: Deno.ChildProcess): Promise<number> {
  let peak = 0;
  let isOver = false;
  process.status.then(() => isOver = true);
  while (!isOver) {
    const status = await Deno.readTextFile(`/proc/${process.pid}/status`).catch(() => "");
    const found = /VmHWM:\s+(\d+) kB/.exec(status);
    if (found !== null) peak = Number(found[1]) / 1024;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return peak;
}

Deno.test({
  name: "a line without end is refused at once, from a pipe (Linux)",
  ignore: !isLinux,
  fn: () =>
    inFolder(async (folder) => {
      const pipe = `${folder}/endless.jsonl`;
      await new Deno.Command("mkfifo", { args: [pipe] }).output();
      // Four gigabytes of one request, if anybody wanted them all.
      const script = `{ printf '{"timestamp": 0, "input_length": 9, "output_length": 1, ` +
        `"hash_ids": ['; yes 1, | tr -d '\\n' | head -c 4000000000; } > "$0"`;
      const writer = new Deno.Command("sh", { args: ["-c", script, pipe], stderr: "null" }).spawn();
      const reader = command(["compare", pipe, ...RUNS], { stdout: "piped", stderr: "piped" })
        .spawn();
      const peak = peakMiB(reader);
      const { code, stdout, stderr } = text(await reader.output());
      await writer.status;
      assertEquals({ code, stdout }, { code: 1, stdout: "" }, stderr);
      assertMatch(stderr, /a line is too long[^]*endless\.jsonl:1/);
      assert(await peak < 700, `${await peak} MiB`);
      assert(await peak > 0);
    }),
});

Deno.test({
  name: "a line without end is refused at once, from a small gzip file (memory: Linux)",
  fn: () =>
    inFolder(async (folder) => {
      const file = `${folder}/bomb.jsonl.gz`;
      const encoder = new TextEncoder();
      const head = '{"timestamp": 0, "input_length": 9, "output_length": 1, "hash_ids": [';
      const part = encoder.encode("1,".repeat(1 << 19));
      async function* parts() {
        yield encoder.encode(head);
        for (let i = 0; i < 400; i++) yield part;
      }
      const packed = ReadableStream.from(parts()).pipeThrough(new CompressionStream("gzip"));
      await Deno.writeFile(file, packed);
      const child = command(["compare", file, ...RUNS], { stdout: "piped", stderr: "piped" })
        .spawn();
      const peak = peakMiB(child);
      const { code, stdout, stderr } = text(await child.output());
      assertEquals({ code, stdout }, { code: 1, stdout: "" }, stderr);
      assertMatch(stderr, /a line is too long[^]*bomb\.jsonl\.gz:1/);
      assert(await peak < 700, `${await peak} MiB`);
    }),
});

const LONG_RUN = ["-p", "all,variants", "-c", "1%,2%,3%,4%,5%,6%,7%,8%,9%,10%,11%,12%,13%,14%,15%"];

Deno.test({
  name: "an interrupt ends a long comparison at once and leaves nothing",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        const files = ["--html", `${folder}/report.html`, "--out", `${folder}/report.txt`];
        const child = command(["compare", CONVERSATION, ...LONG_RUN, ...files], {
          stdout: "piped",
          stderr: "piped",
        }).spawn();
        const output = child.output();
        await new Promise((resolve) => setTimeout(resolve, 700));
        const sentMs = performance.now();
        // Throws when the process has ended, and then this test is no test.
        child.kill(signal);
        const { stdout, stderr } = text(await output);
        const status = await child.status;
        assert(performance.now() - sentMs < 2_000, "it took its time");
        const number = signal === "SIGINT" ? 130 : 143;
        assert(status.signal === signal || status.code === number, JSON.stringify(status));
        assertEquals({ stdout, stderr }, { stdout: "", stderr: "" });
        assertEquals(await namesIn(folder), []);
      }
    }),
});

/** What is written, each to a file in `folder`, and how large it is at least. */
function writers(folder: string): readonly (readonly string[])[] {
  const compare = ["compare", CONVERSATION, "--limit", "300"];
  return [
    [...compare, "--html", `${folder}/report.html`],
    [...compare, "-p", "all", "--json", "--out", `${folder}/report.json`],
    ["trace", "convert", CONVERSATION, "--out", `${folder}/trace.kvt`],
  ];
}

/** Each writer fails in a folder without room: it says so, keeps what was there, leaves no more. */
async function checkFull(
  folder: string,
  run: (args: readonly string[]) => Promise<{ code: number; stdout: string; stderr: string }>,
  said: RegExp,
): Promise<void> {
  for (const args of writers(folder)) {
    const target = args.at(-1)!;
    await Deno.writeTextFile(target, "kept\n");
    const { code, stdout, stderr } = await run(args);
    assertEquals({ code, stdout }, { code: 1, stdout: "" }, `${args.join(" ")}\n${stderr}`);
    assertMatch(stderr, said);
    assert(stderr.includes(target), stderr);
    assertEquals(await namesIn(folder), [target.slice(folder.length + 1)]);
    assertEquals(await Deno.readTextFile(target), "kept\n");
    await Deno.remove(target);
  }
}

/** Whether a small file system can be mounted here: root may, in most containers. */
async function canMount(): Promise<boolean> {
  if (!isLinux || Deno.uid() !== 0) return false;
  let mounted = false;
  await inFolder(async (folder) => {
    mounted = await mount(folder);
    if (mounted) await unmount(folder);
  });
  return mounted;
}

async function mount(folder: string): Promise<boolean> {
  const args = ["-t", "tmpfs", "-o", "size=16k", "tmpfs", folder];
  return await new Deno.Command("mount", { args, stderr: "null" }).output()
    .then(({ success }) => success, () => false);
}

async function unmount(folder: string): Promise<void> {
  await new Deno.Command("umount", { args: [folder] }).output();
}

Deno.test({
  name: "a full disk is said to be full, and nothing is left (needs root, to mount one)",
  ignore: !await canMount(),
  fn: () =>
    inFolder(async (folder) => {
      await mount(folder);
      try {
        await checkFull(folder, kvtier, /Cannot write file: the disk is full/);
      } finally {
        await unmount(folder);
      }
    }),
});

/** Runs kvtier in a shell that lets no file grow beyond 8 KiB. */
async function limited(args: readonly string[]) {
  // 8 blocks of 512 bytes in dash, of 1,024 in bash; without the trap the process would be killed.
  const script = 'trap "" XFSZ; ulimit -f 8; exec "$@"';
  return text(
    await new Deno.Command("sh", {
      args: ["-c", script, "sh", Deno.execPath(), ...KVTIER, ...args],
      env: { NO_COLOR: "", COLUMNS: "" },
      stdout: "piped",
      stderr: "piped",
    }).output(),
  );
}

Deno.test({
  name: "a file that may not grow is an error like a full disk, for anybody",
  ignore: Deno.build.os === "windows",
  fn: () => inFolder((folder) => checkFull(folder, limited, /Cannot write file: /)),
});

Deno.test("a folder that is not there is named, before and after", async () => {
  for (const args of writers("no/such/folder")) {
    const { code, stdout, stderr } = await kvtier(args);
    assertEquals({ code, stdout }, { code: 1, stdout: "" }, stderr);
    assertMatch(stderr, /Cannot write file: there is no such folder[^]*no\/such\/folder/);
  }
});

Deno.test({
  name: "a report that does not fit behind stdout is an error, no bug (/dev/full: Linux)",
  ignore: !isLinux,
  fn: async () => {
    const script = 'exec "$@" > /dev/full';
    const args = ["-c", script, "sh", Deno.execPath(), ...KVTIER, "policies"];
    const outcome = await new Deno.Command("sh", { args, stdout: "piped", stderr: "piped" })
      .output();
    const { code, stderr } = text(outcome);
    assertEquals(code, 1, stderr);
    assertMatch(stderr, /^error: Cannot write the report: [^]*(full|No space)/);
  },
});
