// The few numbers that a benchmark needs.

/** The middle value; the mean of the two middle ones when there is an even number. */
export function median(values) {
  return quantile(values, 0.5);
}

/** The value below which the given part (0 to 1) of the values lies. */
export function quantile(values, part) {
  if (values.length === 0) throw new Error("there is nothing to take a quantile of");
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * part;
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

/**
 * Two or more things, measured in turns: each round measures all of them, every round begins with the next one, so that
 * none of them always comes first, and whatever disturbs the machine disturbs all.
 *
 * @param measures functions that measure once and give a number
 * @param options.rounds how many rounds count
 * @param options.warmUp how many rounds come before them and do not count
 * @param options.onRound called with the number of each round that counts
 * @returns for each of the measures its numbers, in the order of the rounds
 */
export async function inTurns(measures, { rounds, warmUp = 0, onRound = () => {} }) {
  const numbers = measures.map(() => []);
  for (let round = -warmUp; round < rounds; round++) {
    for (let turn = 0; turn < measures.length; turn++) {
      const which = (turn + round + warmUp) % measures.length;
      const number = await measures[which]();
      if (round >= 0) numbers[which].push(number);
    }
    if (round >= 0) onRound(round + 1);
  }
  return numbers;
}

/** Round by round, the first divided by the second. */
export function ratiosOf(numbers, others) {
  return numbers.map((number, round) => number / others[round]);
}
