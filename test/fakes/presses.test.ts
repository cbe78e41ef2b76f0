import { describePresses } from "../contracts/platform-presses.ts";
import { fakeClock } from "./clock.ts";
import { createFakePlatform } from "./platform.ts";

describePresses("the fake", async () => {
  const fake = createFakePlatform({ clock: fakeClock() });
  const told: { place: Parameters<typeof fake.press>[0]; text: string }[] = [];
  const person = { id: "U7", name: "Ada" };
  let channels = 0;
  const page = (place: Parameters<typeof fake.press>[0], id: string) =>
    fake.stored(place).find(({ message }) => message.id === id)!;
  return {
    create: () => fake.connect(),
    openPlace: async () => fake.openPlace({ channel: `C${(channels += 1)}` }),
    shown: (place, id) => {
      const { message, buttons } = page(place, id);
      return { text: message.text, labels: buttons.map(({ label }) => label) };
    },
    press: async (place, id, label) => {
      const { action, turn } = page(place, id).buttons.find((button) => button.label === label)!;
      try {
        const text = await fake.press(place, action, turn, { ...person, kind: "person" });
        if (text !== undefined) told.push({ place, text });
        return true;
      } catch {
        return false;
      }
    },
    person,
    told: () => told,
    notified: () => [],
    close: async () => {},
  };
});
