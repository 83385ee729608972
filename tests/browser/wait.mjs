//! Waiting for something to be so. Never for time to pass.

/**
 * Asks again and again until the answer is true, and returns it. A rejection counts as "not yet".
 * @template R @param {string} what for the error's words
 * @param {() => R | Promise<R>} ask @param {number} [patience] milliseconds
 * @returns {Promise<Awaited<R>>}
 */
export async function until(what, ask, patience = PATIENCE) {
  const deadline = performance.now() + patience;
  let problem = "";
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      problem = "";
    } catch (error) {
      problem = ` (${error.message})`;
    }
    if (performance.now() > deadline)
      throw new Error(`never came, in ${patience / 1000} s: ${what}${problem}`);
    await new Promise((resolve) => setTimeout(resolve, PERIOD));
  }
}

/** Longer than anything takes on a busy machine of two cores. */
export const PATIENCE = 20_000;

const PERIOD = 25;
