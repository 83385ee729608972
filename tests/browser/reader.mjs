//! What a person does with the page, and what they see of it: by roles and names, as a screen reader would.

import { PATIENCE, until } from "./wait.mjs";

/** Signs in on the page at `url`, and waits for the list. */
export async function signIn(page, url, user, password) {
  await page.goto(url);
  await giveCredentials(page, user, password);
  await page.sees("grid", "Messages");
}

/** Fills the form and sends it. What comes of it is the caller's. */
export async function giveCredentials(page, user, password) {
  await page.fill("Email address", user);
  await page.fill("Password", password);
  await page.press("Enter");
}

/**
 * The folders as they are read out: "Inbox, 3 unread", "Drafts".
 * @returns {Promise<string[]>}
 */
export async function folders(page) {
  return await page.read(() =>
    [...document.querySelectorAll("nav[aria-label=Folders] button")].map((one) =>
      one.getAttribute("aria-label"),
    ),
  );
}

/** Waits until a folder is read out so. */
export async function seesFolder(page, name) {
  await until(`folder "${name}"`, async () => (await folders(page)).includes(name));
}

/**
 * The rows that are known, as they are read out: "Unread, Ada Lovelace, Lunch, 12:30".
 * @returns {Promise<string[]>}
 */
export async function rows(page) {
  return await page.read(() =>
    [...document.querySelectorAll("[role=grid][aria-label=Messages] [role=row][aria-busy=false]")].map(
      (row) => row.getAttribute("aria-label"),
    ),
  );
}

/** Waits until the row of this subject is as `is` says. @param {(row: string) => boolean} [is] */
export async function seesRow(page, subject, is = () => true) {
  return await until(`a row "${subject}"`, async () =>
    (await rows(page)).find((row) => row.includes(`, ${subject}, `) && is(row)),
  );
}

/** Waits until there is no row of this subject. */
export async function missesRow(page, subject) {
  await until(
    `no row "${subject}"`,
    async () => !(await rows(page)).some((row) => row.includes(`, ${subject}, `)),
  );
}

/** Opens the message by a click on its row, and waits for its head. */
export async function openMessage(page, subject) {
  await page.click("row", `…, ${subject}, …`);
  await seesMessage(page, subject);
}

/** Waits until this message is the one that is read. */
export async function seesMessage(page, subject) {
  await page.sees("heading", subject);
}

/** The text inside the frame that HTML mail is shown in. */
export async function seesInFrame(page, text) {
  await until(`"${text}" in the mail's frame`, async () => (await page.frameText()).includes(text));
}

/**
 * Does something that shows a mail's HTML, and waits until its frame has loaded all that it ever will. A mail that is too
 * much to draw has no frame, and its text alone stands there.
 */
export async function filled(page, act) {
  const before = await page.read(() => window.framesLoaded);
  await act();
  const isShown = (loads) =>
    window.framesLoaded > loads || document.querySelector("article [data-testid=text-body]") !== null;
  await page.until("the mail's frame, or its text", isShown, before);
  await page.read(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

/** Everything that screen readers were told lately. */
export async function spoken(page) {
  return await page.read(() =>
    [...document.querySelectorAll("[aria-live], [role=status], [role=alert]")]
      .map((one) => one.textContent.trim())
      .filter((text) => text !== ""),
  );
}

/** Waits until screen readers are told something like this. @param {RegExp} words */
export async function hears(page, words, patience = PATIENCE) {
  await until(
    `announcement ${words}`,
    async () => (await spoken(page)).some((text) => words.test(text)),
    patience,
  );
}
