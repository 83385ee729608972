//! Waiting for something to be so. Never for time to pass.

/**
 * Asks again and again until the answer is true, and returns it. A rejection counts as "not yet", and so does no answer.
 * @template R @param {string} what for the error's words
 * @param {() => R | Promise<R>} ask @param {number} [patience] milliseconds
 * @returns {Promise<Awaited<R>>}
 */
export async function until(what, ask, patience = PATIENCE) {
  const deadline = performance.now() + patience;
  let problem = "";
  for (;;) {
    try {
      const answer = await before(deadline, ask());
      if (answer) return answer;
      problem = "";
    } catch (error) {
      problem = ` (${error.message})`;
    }
    if (performance.now() >= deadline)
      throw new Error(`never came, in ${patience / 1000} s: ${what}${problem}`);
    await new Promise((resolve) => setTimeout(resolve, PERIOD));
  }
}

/** What `answer` settles with, or a rejection if it hasn't by the deadline. */
async function before(deadline, answer) {
  const left = Math.max(0, deadline - performance.now());
  let timer;
  const over = new Promise((_, reject) => {
    const words = `no answer in the last ${(left / 1000).toFixed(1)} s`;
    timer = setTimeout(() => reject(new Error(words)), left);
  });
  try {
    return await Promise.race([answer, over]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Milliseconds that nothing takes, not even on two cores that six other programs keep busy. Only a test that fails waits
 * so long.
 */
export const PATIENCE = 120_000;

const PERIOD = 25;
