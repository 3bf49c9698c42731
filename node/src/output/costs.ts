import type { ReportedModel, Session, UnpricedModel } from '../native.js';
import { printableLine } from './text.js';
import { compactCount, count, counted, dollars, finerDollars } from './units.js';

/** How many models are named before the rest is left out. */
const shownModels = 3;

/** Two sums that differ by less than this count as equal. */
const leastDifference = 0.00005;

/** The remark on a cost that leaves something out. */
interface Sum {
  cost: number;
  unpriced: UnpricedModel[];
}

/** A model, with the rate that sets its price apart. */
export function modelName(model: string | null, rate?: string | null): string {
  const name = model === null ? '(no model)' : printableLine(model);
  return rate === undefined || rate === null || rate === 'standard' ? name : `${name} ${printableLine(rate)}`;
}

/** `$1.20`; `$1.20 and more` if some of it has no known price, `no price` if none of it has; empty if nothing was asked. */
export function sessionCost({ cost, unpriced }: Sum | Session): string {
  if (unpriced.length === 0) return cost > 0 ? dollars(cost) : '';
  return cost > 0 ? `${dollars(cost)} and more` : 'no price';
}

/** `2 answers`, `1 answer and 3 requests within answers` */
export function requestCount(apiMessages: number, iterations: number): string {
  const answers = counted(apiMessages, 'answer');
  const within = counted(iterations, 'request within answers', 'requests within answers');
  if (iterations === 0) return answers;
  return apiMessages === 0 ? within : `${answers} and ${within}`;
}

/** `No price is known of model-x, model-y fast: ...`, with how often each was asked. */
export function unpricedNote(unpriced: UnpricedModel[]): string {
  const names = unpriced.map(({ model, rate }) => modelName(model, rate));
  const counts = unpriced.map(({ apiMessages, iterations }, index) => {
    const requests = requestCount(apiMessages, iterations);
    return names.length === 1 ? requests : `${names[index]}: ${requests}`;
  });
  return `No price is known of ${names.join(', ')}: not in the cost (${counts.join('; ')}). HAN_PRICE_FILE may name a list of prices.`;
}

/** What the agent program itself reports, and how that differs from the sum of the answers. */
export function reportedText(reported: { cost: number; difference: number; byModel: ReportedModel[] }): string {
  const { cost, difference, byModel } = reported;
  if (Math.abs(difference) < leastDifference) return `${finerDollars(cost)}, the same as the answers`;
  const side = difference > 0 ? 'more' : 'less';
  const models = byModel.filter((model) => Math.abs(model.difference) >= leastDifference);
  models.sort((left, right) => Math.abs(right.difference) - Math.abs(left.difference));
  const named = models.slice(0, shownModels).map(differenceText);
  const rest = models.length > shownModels ? [`${count(models.length - shownModels)} more`] : [];
  return `${finerDollars(cost)}, ${finerDollars(Math.abs(difference))} ${side} than the answers show: ${[...named, ...rest].join('; ')}`;
}

function differenceText({ model, difference, tokens, webSearches }: ReportedModel): string {
  const amount = `${difference > 0 ? '' : '-'}${finerDollars(Math.abs(difference))}`;
  const counts = [`${compactCount(tokens.inputTokens)} in`, `${compactCount(tokens.outputTokens)} out`];
  if (webSearches > 0) counts.push(counted(webSearches, 'search', 'searches'));
  return `${printableLine(model)} ${amount} (it counts ${counts.join(', ')})`;
}
