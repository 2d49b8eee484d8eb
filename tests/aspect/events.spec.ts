import { Events } from "../../assembly/hierarchy/events";
import { Random } from "../../assembly/random";

describe("Events", () => {
  it("gives events in order of time, and equal times in order of arrival", () => {
    const events = new Events();
    const random = new Random(11, "events");
    const times = new StaticArray<u64>(3000);
    let added: u32 = 0;
    let taken: u32 = 0;
    let lastNs: u64 = 0;
    let lastSubject: u32 = 0;
    // Adding and taking by turns; what is added is never in the past.
    while (taken < 3000) {
      if (added < 3000 && (events.length == 0 || random.below(3) > 0)) {
        times[added] = lastNs + random.below(20);
        events.add(times[added], 1, added, added * 2);
        added++;
        continue;
      }
      const nextNs = events.nextNs();
      events.take();
      expect(events.timeNs).toBe(nextNs);
      expect(events.timeNs).toBe(times[events.subject]);
      expect(events.detail).toBe(events.subject * 2);
      expect(events.timeNs >= lastNs).toBe(true);
      if (taken > 0 && events.timeNs == lastNs) {
        expect(events.subject > lastSubject).toBe(true, "the first made happens first");
      }
      lastNs = events.timeNs;
      lastSubject = events.subject;
      taken++;
    }
    expect(events.length).toBe(0);
  });

  it("grows past its first room and loses nothing", () => {
    const events = new Events();
    for (let i: u32 = 0; i < 5000; i++) events.add(5000 - i, 0, i, 0);
    for (let i: u32 = 0; i < 5000; i++) {
      events.take();
      expect(events.subject).toBe(4999 - i);
    }
  });
});
