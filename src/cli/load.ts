import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { type Config, type ConfigFile, parseBehaviour, parseConfig } from "../config.ts";
import { presentOnly } from "../config/environment.ts";
import type { FileConfig } from "../config/file.ts";
import { asError, ConfigError } from "../errors.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/** The process's environment over what `.env` in the working folder says. The only place that reads either. Throws `ConfigError`. */
export function readEnvironment(): Variables {
  const file = existsSync(".env") ? parseEnv(readText(".env")) : {};
  return { ...file, ...presentOnly(process.env) };
}

/** Throws `ConfigError` with every problem at once. */
export function loadConfig(environment: Variables): Config {
  return parseConfig(environment, readConfigFile(environment));
}

/** What `patchcord.yaml` says, for commands that need no secrets. Throws `ConfigError`. */
export function loadBehaviour(environment: Variables): FileConfig {
  return parseBehaviour(readConfigFile(environment));
}

/** The file is optional, unless `PATCHCORD_CONFIG` names one. */
function readConfigFile({ PATCHCORD_CONFIG: named }: Variables): ConfigFile | undefined {
  const path = named ?? "patchcord.yaml";
  if (existsSync(path)) return { path, text: readText(path) };
  if (named === undefined) return undefined;
  throw new ConfigError([
    `PATCHCORD_CONFIG names ${named}, which does not exist: correct the path, or leave the variable out`,
  ]);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError([
      `${path} cannot be read: make it a file that this process may read, or take it away (${asError(error).message})`,
    ]);
  }
}
