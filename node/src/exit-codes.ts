/** What the exit code of the command means; the help in `program.ts` says it to users. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  interrupted: 130,
} as const;
