/* The buttons that a request to post or edit a message asks for. */
import type { Form } from "../form.ts";
import type { Json } from "../json/people.ts";
import type { Button } from "../world.ts";

/** Discord, Component Reference: action rows, their buttons, and what a button may say. */
const LIMITS = { rows: 5, buttons: 5, label: 80, customId: 100 };

const TYPE = { row: 1, button: 2 };
/** Primary, secondary, success and danger. Links and premium buttons have no custom id and make no interaction. */
const STYLES = [1, 2, 3, 4] as const;

/** Rows of buttons. Absent: not said. Other components are refused loudly, instead of being lost. */
export function componentsOf(form: Form, json: Json): Button[][] | undefined {
  const rows = json["components"] as readonly Json[] | null | undefined;
  if (!rows) return undefined;
  if (rows.length > LIMITS.rows)
    form.fail("components", "BASE_TYPE_BAD_LENGTH", `Must be between 0 and ${LIMITS.rows} in length.`);
  const taken = new Set<string>();
  return rows.map((row, index) => {
    if (row["type"] !== TYPE.row) throw new Error("The Discord twin plays rows of buttons alone.");
    const at = `components.${index}.components`;
    const buttons = (row["components"] ?? []) as readonly Json[];
    if (buttons.length < 1 || buttons.length > LIMITS.buttons)
      form.fail(at, "BASE_TYPE_BAD_LENGTH", `Must be between 1 and ${LIMITS.buttons} in length.`);
    return buttons.map((button, place) => buttonOf(form.within(`${at}.${place}`), button, taken));
  });
}

function buttonOf(form: Form, button: Json, taken: Set<string>): Button {
  if (button["type"] !== TYPE.button) throw new Error("The Discord twin plays rows of buttons alone.");
  const customId = form.text(button, "custom_id", { min: 1, max: LIMITS.customId, required: true }) ?? "";
  if (taken.has(customId))
    form.fail("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
  taken.add(customId);
  const label = form.text(button, "label", { min: 1, max: LIMITS.label, required: true }) ?? "";
  const style = form.choice(button, "style", STYLES);
  if (button["style"] === undefined) form.fail("style", "BASE_TYPE_REQUIRED", "This field is required");
  return { customId, label, style: style ?? 1, disabled: form.flag(button, "disabled") ?? false };
}
