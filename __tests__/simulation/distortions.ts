/** Errors of SEQR's reports that somebody could plant, each once in a report. */
export const DISTORTIONS = ["doubled", "lost", "hundredth", "sign", "terminal", "counted_twice"] as const;
