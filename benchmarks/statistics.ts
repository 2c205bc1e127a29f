// The few numbers that a benchmark needs.

/** The middle value; the mean of the two middle ones when there is an even number. */
export function median(values: number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the given part (0 to 1) of the values lies. */
export function quantile(values: number[], part: number): number {
  if (values.length === 0) throw new Error("there is nothing to take a quantile of");
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * part;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * Two or more things, measured in turns: each round measures all of them, every round begins with the next one, so that
 * none of them always comes first, and whatever disturbs the machine disturbs all.
 *
 * @param measures functions that measure once and give a number, by a name
 * @returns for each of the measures its numbers, in the order of the rounds
 */
export async function inTurns<Name extends string>(
  measures: Record<Name, () => number | Promise<number>>,
  { rounds, warmUp = 0, onRound = () => {} }: Turns,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(measures) as Name[];
  const numbers = {} as Record<Name, number[]>;
  for (const name of names) numbers[name] = [];
  for (let round = -warmUp; round < rounds; round++) {
    const first = (round + warmUp) % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const number = await measures[name]();
      if (round >= 0) numbers[name].push(number);
    }
    if (round >= 0) onRound(round + 1);
  }
  return numbers;
}

interface Turns {
  /** How many rounds count. */
  rounds: number;
  /** How many rounds come before them and do not count. */
  warmUp?: number;
  /** Called with the number of each round that counts. */
  onRound?: (round: number) => void;
}

/** Round by round, the first divided by the second. */
export function ratiosOf(numbers: number[], others: number[]): number[] {
  return numbers.map((number, round) => number / (others[round] ?? NaN));
}
