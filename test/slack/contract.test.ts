import { describeFind } from "../contracts/platform-find.ts";
import { describePlatform } from "../contracts/platform.ts";
import { describeListening } from "../contracts/platform-missed.ts";
import { openHarness } from "./harness.ts";

describePlatform("Slack by sockets, in channels' threads", () =>
  openHarness({ transport: "socket", dm: "threads", places: "channel" }),
);
describePlatform("Slack by HTTP, in a direct message that is one place", () =>
  openHarness({ transport: "http", dm: "one", places: "dm" }),
);
describePlatform("Slack by HTTP, in the threads of direct messages", () =>
  openHarness({ transport: "http", dm: "threads", places: "dm" }),
);
describePlatform("Slack by HTTP, in the threads of direct messages, streamed", () =>
  openHarness({ transport: "http", dm: "threads", places: "dm", drafts: "streamed" }),
);

describeListening("Slack by sockets, in channels' threads", () =>
  openHarness({ transport: "socket", dm: "threads", places: "channel" }),
);
describeListening("Slack by HTTP, in a direct message that is one place", () =>
  openHarness({ transport: "http", dm: "one", places: "dm" }),
);
describeListening("Slack by HTTP, in the threads of direct messages", () =>
  openHarness({ transport: "http", dm: "threads", places: "dm" }),
);
describeFind("Slack by sockets, in channels' threads", () =>
  openHarness({ transport: "socket", dm: "threads", places: "channel" }),
);
describeFind("Slack by HTTP, in a direct message that is one place", () =>
  openHarness({ transport: "http", dm: "one", places: "dm" }),
);
describeFind("Slack by HTTP, in the threads of direct messages", () =>
  openHarness({ transport: "http", dm: "threads", places: "dm" }),
);
