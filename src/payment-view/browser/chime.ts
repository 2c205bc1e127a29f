/** Plays two short notes, if the browser allows sound. */
export function tone(): void {
  try {
    const context = new AudioContext();
    const gain = new GainNode(context, { gain: 0.1 });
    gain.connect(context.destination);
    [660, 880].forEach((frequency, at) => {
      const note = new OscillatorNode(context, { frequency });
      note.connect(gain);
      note.start(context.currentTime + at * 0.15);
      note.stop(context.currentTime + at * 0.15 + 0.15);
    });
  } catch {
    // The browser allows no sound.
  }
}
