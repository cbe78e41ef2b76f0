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
      ${toldApart(workspaces).map(section)}
      ${left > 0 && html`<p class="quiet">${left} more workspaces had less than these.</p>`}`,
  };
}

function section({ workspace, channels, alike }: Workspace & { readonly alike: boolean }, index: number) {
  const name = sumCalled(workspace, "workspace");
  const id = alike && workspace.key;
  const label = id ? `${name} (${id})` : name;
  return html`<section aria-labelledby="workspace-${index}">
    <h2 id="workspace-${index}"><bdi>${name}</bdi>${id && html` <span class="quiet">(${id})</span>`}</h2>
    ${sumsTable({ label, head: "Channel", rows: channels.rows.map(channelRow), total: channels.total })}
  </section>`;
}

/** A Slack team and a Discord server may well have the same name: then each is told by its id as well. */
function toldApart(workspaces: readonly Workspace[]) {
  const nameOf = ({ workspace }: Workspace) => sumCalled(workspace, "workspace");
  const called = Map.groupBy(workspaces, nameOf);
  return workspaces.map((one) => ({ ...one, alike: (called.get(nameOf(one)) ?? []).length > 1 }));
}
