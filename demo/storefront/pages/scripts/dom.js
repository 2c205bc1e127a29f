// Makes elements; text is always text, never markup.

/**
 * @param name tag
 * @param properties attributes; functions are listeners (`onclick`); true is an attribute without value, false and
 *   undefined leave it out
 * @param children elements and texts; undefined and false are left out
 */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (value !== false && value !== undefined) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== false));
  return element;
}

/** The element of the page with this id. */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * Shows a message where the page keeps its own, and brings it to the reader's attention.
 * @param kind `error`, or `notice` when nothing is wrong
 */
export function alertIn(place, kind, ...content) {
  place.replaceChildren(el("div", { class: `alert ${kind}`, role: "alert" }, ...content));
  place.scrollIntoView({ block: "nearest" });
}

/** A button that cannot be pressed again while it works. */
export function button(label, work, properties = {}) {
  const pressed = async (event) => {
    const { currentTarget } = event;
    currentTarget.disabled = true;
    try {
      await work(event);
    } finally {
      currentTarget.disabled = false;
    }
  };
  return el("button", { type: "button", onclick: pressed, ...properties }, label);
}
