import { html } from "hono/html";
import type { Sum } from "../../store/sums.ts";
import type { Usage } from "../admin.ts";
import { sumCalled } from "../called.ts";
import type { Page } from "./layout.ts";
import { ROOT } from "./paths.ts";
import { type Range, rangePicker } from "./range.ts";
import { sumsTable } from "./sums-table.ts";
import { channelRow } from "./usage.ts";

const PLACES = `${ROOT}/places`;

/** Where the bot is talked to: each workspace with its channels. */
export interface Workspace {
  readonly workspace: Sum;
  readonly channels: Usage;
}

/** The workspaces and their channels, those with the most turns first. `left`: how many workspaces are not shown. */
export function placesPage(workspaces: readonly Workspace[], range: Range, left: number): Page {
  return {
    title: "Places",
    tab: "Places",
    body: html`<h1>Places</h1>
      <p class="quiet">Where the bot was talked to, and how much, as far as you may see.</p>
      ${rangePicker(PLACES, "", range)}
      ${workspaces.length === 0 && html`<p class="empty">Nobody talked to the bot in these ${range} days.</p>`}
      ${workspaces.map(section)}
      ${left > 0 && html`<p class="quiet">${left} more workspaces had less than these.</p>`}`,
  };
}

function section({ workspace, channels }: Workspace, index: number) {
  const name = sumCalled(workspace, "workspace");
  return html`<section aria-labelledby="workspace-${index}">
    <h2 id="workspace-${index}"><bdi>${name}</bdi></h2>
    ${sumsTable({ label: name, head: "Channel", rows: channels.rows.map(channelRow), total: channels.total })}
  </section>`;
}
