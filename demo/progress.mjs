// Tells a person what is going on: each step with the time it takes, drawn in place on a terminal, in lines elsewhere.
const redrawEvery = 1_000;
const remindEvery = 15_000;

/** @param out a writable stream, such as `process.stdout` */
export function progressOn(out) {
  const say = (text) => out.write(`${text}\n`);

  /** Runs the work and says how long it took. What the work throws is thrown, with the step's name in `step`. */
  async function step(title, work) {
    const started = Date.now();
    const draw = out.isTTY ? () => out.write(`\r\x1b[K  … ${title}, ${seconds(started)}`) : () => {};
    const remind = () => say(`  … ${title}, ${seconds(started)}`);
    draw();
    const timers = out.isTTY
      ? [setInterval(draw, redrawEvery)]
      : [setTimeout(remind, redrawEvery), setInterval(remind, remindEvery)];
    const finish = (mark) => {
      timers.forEach(clearInterval);
      if (out.isTTY) out.write("\r\x1b[K");
      say(`  ${mark} ${title}, ${seconds(started)}`);
    };
    try {
      const result = await work();
      finish("✓");
      return result;
    } catch (error) {
      finish("✗");
      if (error instanceof Error) error.step ??= title;
      throw error;
    }
  }

  return { say, step };
}

function seconds(since) {
  const elapsed = (Date.now() - since) / 1000;
  return `${elapsed < 10 ? elapsed.toFixed(1) : Math.round(elapsed)} s`;
}
