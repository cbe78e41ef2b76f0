import { expect, test } from "vitest";
import { createRemote } from "../../src/admin/remote.ts";
import { fakeClock } from "../fakes/clock.ts";
import { createFakeTelnyx } from "../fakes/telnyx.ts";
import { inChannel, viewer } from "./world.ts";

test("what Telnyx has is for nobody who sees less than everything", async () => {
  const recorded: unknown[] = [];
  const clock = fakeClock();
  const remote = createRemote({
    telnyx: createFakeTelnyx({ now: () => clock.now() }),
    clock,
    recorder: {
      look: async (...look) => void recorded.push(look),
      begin: async (...deed) => (recorded.push(deed), async () => {}),
      finished: async (...deed) => void recorded.push(deed),
    },
    signal: new AbortController().signal,
  });
  const limited = viewer({ where: inChannel("C1"), reads: "content", private: true });
  expect(() => remote.remote(limited, { query: "channel:C1" })).toThrow(/does not see all conversations/);
  await expect(remote.remoteShow(limited, "c1")).rejects.toMatchObject({ code: "not_allowed" });
  expect(recorded).toEqual([]);
});
