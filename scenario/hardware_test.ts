import { assert, assertEquals } from "@std/assert";
import { type Hardware, HardwareSchema } from "./hardware_schema.ts";
import { loadNamed, shippedNames } from "./files.ts";
import { parseBandwidth, parseBytes } from "./units.ts";
import { parseYaml } from "./yaml_text.ts";

Deno.test("every shipped piece of hardware is well formed, with a source for each number", async () => {
  const names = await shippedNames("hardware");
  assert(names.length >= 10, String(names.length));
  for (const name of names) {
    const { file, text } = await loadNamed("hardware", name);
    const hardware = await parseYaml<Hardware>(text, file, "hardware", HardwareSchema);
    const { compute = {}, links = {}, ...own } = hardware;
    const parts: Readonly<Record<string, string | { readonly source: string }>>[] = [
      own,
      compute,
      links,
    ];
    for (const value of parts.flatMap((part) => Object.values(part))) {
      assert(typeof value === "string" || value.source.trim() !== "", name);
    }
  }
});

Deno.test("capacities and bandwidths are those of the data sheets", async () => {
  const sheets: Readonly<Record<string, readonly [string, string]>> = {
    "h100-sxm": ["80 GB", "3.35 TB/s"],
    "h200-sxm": ["141 GB", "4.8 TB/s"],
    "a100-sxm": ["80 GB", "2039 GB/s"],
    "mi300x": ["192 GB", "5.3 TB/s"],
    "rtx-4090": ["24 GB", "1008 GB/s"],
  };
  for (const [name, [bytes, rate]] of Object.entries(sheets)) {
    const { file, text } = await loadNamed("hardware", name);
    const hardware = await parseYaml<Hardware>(text, file, "hardware", HardwareSchema);
    assertEquals(parseBytes(hardware.capacity!.value), parseBytes(bytes), name);
    assertEquals(parseBandwidth(hardware.readBandwidth.value), parseBandwidth(rate), name);
  }
});
