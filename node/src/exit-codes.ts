/** What the exit code of the command says; told to people by the help of `program.ts`. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  interrupted: 130,
} as const;
