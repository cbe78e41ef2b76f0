// What tests ask of the page from inside of it. Plain JavaScript: it runs in the browser.

window.focused = () => document.activeElement?.id || document.activeElement?.className;

/** What can be used and has no name that a screen reader could say. */
window.nameless = () =>
  [...document.querySelectorAll("button, textarea, select, [role=log], section, aside, nav")]
    .filter((element) => element.checkVisibility())
    .filter(
      (element) =>
        !element.getAttribute("aria-label") &&
        !element.labels?.length &&
        !(element.matches("button") && element.textContent.trim()) &&
        !(element.matches("section, aside") && element.querySelector("h2")),
    )
    .map((element) => element.outerHTML);

window.widest = () =>
  Math.max(
    ...[...document.querySelectorAll("body, main, section, .log")].map((element) => element.scrollWidth),
  );

/** Texts whose contrast with what is behind them is below 4.5 (WCAG 2.2, 1.4.3). */
window.weakTexts = () => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const paint = (color, under) => {
    for (const layer of [`rgb(${under.join(" ")})`, color]) {
      canvas.fillStyle = layer;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const behind = (element) =>
    element
      ? paint(getComputedStyle(element).backgroundColor, behind(element.parentElement))
      : [255, 255, 255];
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = ([red, green, blue]) =>
    0.2126 * linear(red / 255) + 0.7152 * linear(green / 255) + 0.0722 * linear(blue / 255);
  const contrast = (element) => {
    const under = behind(element);
    const both = [luminance(paint(getComputedStyle(element).color, under)), luminance(under)];
    return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
  };
  const hasText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  return [...document.querySelectorAll("body *")]
    .filter((element) => hasText(element) && element.checkVisibility({ opacityProperty: true }))
    .filter((element) => !element.matches(":disabled, noscript, .spoiler"))
    .filter((element) => contrast(element) < 4.5)
    .map(
      (element) =>
        `${element.className || element.tagName} "${element.textContent}" ${contrast(element).toFixed(2)}`,
    );
};
