// A SEQR payment while it is under way: shop and amount, the code or the link to the app, what to do, how it stands,
// how long it can still be paid, and the way out.
import { button, el } from "./dom.js";
import { money } from "./money.js";
import { cancelPayment, paymentStatus } from "./payment.js";
import { config } from "./store.js";

const askEvery = 1_000;
const SHOP = "Nordic Goods";
const TITLE = "Pay with SEQR";

/** Words, picture and what can be done, for each status. `isOpen`: the code can be paid. */
const STATES = {
  preparing: { words: "The code is being made …", picture: "waiting" },
  waiting: { words: "Waiting for your payment.", picture: "waiting", isOpen: true },
  checking: { words: "The payment is there. Your order is being placed …", picture: "checking" },
  paid: { words: "Paid. Thank you!", picture: "paid", title: "Paid" },
  canceled: {
    words: "The payment was cancelled. Nothing was charged.",
    picture: "cancelled",
    title: "Payment cancelled",
  },
  expired: {
    words: "The time is up. Nothing was charged.",
    picture: "expired",
    title: "The code has expired",
  },
  superseded: {
    words: "This code was replaced by a newer one. Nothing was charged.",
    picture: "cancelled",
    title: "Code replaced",
  },
  failed: {
    words: "The payment did not go through. Nothing was charged.",
    picture: "failed",
    title: "Payment failed",
  },
  returned: {
    words: "Your order could not be placed. The money goes back to you.",
    picture: "failed",
    title: "The money goes back to you",
  },
};
const LOST = "No connection to the shop. Still trying …";

/**
 * @param session the payment session, with its data
 * @param does what happens next: `onPaid(orderId)`, `newCode()`, `otherWay()`, `onReplaced()` when there may be a newer
 *   code, `onRefused()` when it was too late to cancel
 * @returns `{ element, focus(), close() }`
 */
export function seqrPanel({ data }, does) {
  let status;
  let timer;
  let isClosed = false;

  const heading = el("h2", { tabindex: "-1" }, TITLE);
  const stage = el("div", { class: "stage" });
  const words = el("p", { class: "words", role: "status", "aria-live": "polite" });
  const time = el("p", { class: "time" });
  const actions = el("div", { class: "actions" });
  const element = el(
    "section",
    { class: "seqr", id: "seqr" },
    heading,
    el("p", { class: "sum" }, el("span", {}, SHOP), el("strong", {}, money(data.amount, data.currency_code))),
    stage,
    el("div", { class: "status" }, words, time),
    actions,
    isWebPage(data) && demoHint(),
  );

  const clock = setInterval(showTime, 1_000);
  void look();

  async function look() {
    try {
      take(await paymentStatus(data));
    } catch (error) {
      // 404: the payment is not there any more, so there is nothing to wait for.
      if (error.status === 404) take({ status: "failed" });
      else say(LOST);
    }
    if (!isClosed) timer = setTimeout(look, askEvery);
  }

  function take(payment) {
    if (isClosed) return;
    // A status that is not known here is no end of the payment.
    const next = payment.status in STATES ? payment.status : "checking";
    if (next === status) return say(STATES[status].words);
    status = next;
    draw();
    if (status === "superseded") does.onReplaced();
    if (status === "paid" && payment.order) {
      close();
      does.onPaid(payment.order.id);
    }
  }

  function draw() {
    const { picture, title, isOpen } = STATES[status];
    element.dataset.status = status;
    say(STATES[status].words);
    showTime();
    stage.replaceChildren(...(isOpen ? openStage(data) : [statePicture(picture)]));
    actions.replaceChildren(...possibleActions());
    heading.textContent = title ?? TITLE;
    if (title !== undefined) heading.focus();
  }

  function possibleActions() {
    const otherWay = (label) => button(label, does.otherWay);
    switch (status) {
      case "waiting":
        return [button("Cancel the payment", cancel), otherWay("Pay another way")];
      case "canceled":
      case "superseded":
      case "expired":
      case "failed":
        return [button("Get a new code", does.newCode, { class: "main" }), otherWay("Pay another way")];
      case "returned":
        return [el("a", { class: "button main", href: "/cart" }, "Back to the cart")];
      default:
        return [];
    }
  }

  async function cancel() {
    try {
      const payment = await cancelPayment(data);
      take(payment);
      if (STATES[payment.status]?.title === undefined) does.onRefused();
    } catch {
      say("The payment could not be cancelled just now. Please try again.");
    }
  }

  /** The same words are not said twice: that would be read out again. */
  function say(text) {
    if (words.textContent !== text) words.textContent = text;
  }

  function showTime() {
    const left = Math.max(0, Math.ceil((Date.parse(data.expires_at) - Date.now()) / 1_000));
    const clockTime = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    time.textContent = STATES[status]?.isOpen ? `Time left ${clockTime}` : "";
    element.classList.toggle("over", left === 0);
  }

  function close() {
    isClosed = true;
    clearTimeout(timer);
    clearInterval(clock);
  }

  return { element, focus: () => heading.focus(), close };
}

/** The code and the link; which comes first depends on what the shopper holds, and is up to the style sheet. */
function openStage({ qr_svg, deep_link }) {
  return [
    el("img", {
      class: "code",
      src: `data:image/svg+xml;utf8,${encodeURIComponent(qr_svg)}`,
      alt: "QR code of this payment",
      width: "330",
      height: "330",
    }),
    el(
      "a",
      { class: "button main app", href: deep_link, ...(isWebPage({ deep_link }) && { target: "_blank" }) },
      "Open the app",
    ),
    el(
      "p",
      { class: "instruction" },
      "Scan the code with the SEQR app, compare shop and amount, and confirm with your PIN.",
    ),
  ];
}

/** In the demo the app is a page of the sandbox. */
function isWebPage({ deep_link }) {
  return /^https?:/.test(deep_link);
}

function demoHint() {
  return el(
    "p",
    { class: "hint" },
    "This is a demo: the link opens a phone in your browser, and the code leads to the same place. ",
    el("a", { href: config.phone_url, target: "_blank" }, "All open payments"),
  );
}

function statePicture(name) {
  return el("img", { class: "state", src: `/pictures/${name}.svg`, alt: "", width: "96", height: "96" });
}
