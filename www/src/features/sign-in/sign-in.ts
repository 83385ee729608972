//! What signing in goes through: which server it is, the one that is chosen where the address decides none, and what went
//! wrong.

import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import type { SignInAs } from "../../app/app";
import type { Account } from "../../state/account";
import type { PageProblem } from "../../state/problem";
import { type Decision, decide, localPart, mayBeNamed, socketsAreBlocked } from "./discovery";

export interface SigningIn {
  /** A server is looked for, or asked. */
  readonly busy: Accessor<boolean>;
  readonly problem: Accessor<PageProblem | null>;
  /** The servers to choose from, where the address decides none. */
  readonly choice: Accessor<Choice | null>;
  /** The place in the menu: past its end stands a server whose name is typed in. */
  readonly chosen: Accessor<number>;
  choose(at: number): void;
  /** The name that was typed in. */
  name(typed: string): void;
  submit(address: string, password: string): Promise<void>;
  /** Another address may belong to another server. */
  addressChanged(): void;
  cancel(): void;
}

export type Choice = Extract<Decision, { kind: "choose" }>;
type Server = Extract<Decision, { kind: "server" }>;

export function createSigningIn(props: {
  account: Accessor<Account>;
  onSignIn: (who: SignInAs) => void;
  onSignOut: () => void;
}): SigningIn {
  const [choice, setChoice] = createSignal<Choice | null>(null);
  const [chosen, setChosen] = createSignal(0);
  const [named, setNamed] = createSignal("");
  const [asking, setAsking] = createSignal<AbortController | null>(null);
  const [own, setOwn] = createSignal<PageProblem | null>(null);
  let upstream: string | null = null;

  const session = () => props.account().session;
  const busy = () => asking() !== null || session().state === "signingIn";
  const refused = createMemo(() => {
    const now = session();
    return now.state === "signedOut" ? now.problem : null;
  });
  const restarted = (): PageProblem | null => {
    const detail = props.account().restarted;
    return detail === null ? null : { code: "restarted", detail };
  };
  onCleanup(() => asking()?.abort());

  // Whether the page's server is away, or WebSockets alone don't come through, is a question that it can answer.
  createEffect(
    on(refused, (now) => {
      if (now?.code !== "proxyUnreachable") return;
      socketsAreBlocked(upstream).then((blocked) => {
        if (blocked && refused() === now) setOwn({ code: "socketsBlocked", detail: now.detail });
      });
    }),
  );

  /** Who was chosen, and what to sign in with there. */
  function chosenServer(open: Choice, address: string): Server | null {
    const one = open.servers[chosen()];
    if (one) {
      const user = one.user === "local" ? localPart(address) : address;
      return { kind: "server", upstream: one.name, user };
    }
    const name = named().trim().toLowerCase();
    if (mayBeNamed(name, open.patterns)) return { kind: "server", upstream: name, user: address };
    setOwn({ code: "notAllowed", detail: `${name}: ${open.patterns.join(", ")}` });
    return null;
  }

  function connect(server: Server, address: string, password: string): void {
    upstream = server.upstream;
    props.onSignIn({ upstream: server.upstream, user: server.user, address, password });
  }

  /** Rejected where the reader calls it off. */
  async function found(address: string): Promise<Decision> {
    const controller = new AbortController();
    setAsking(controller);
    try {
      return await decide(address, controller.signal);
    } finally {
      setAsking(null);
    }
  }

  return {
    busy,
    problem: createMemo(() => (busy() ? null : (own() ?? refused() ?? restarted()))),
    choice,
    chosen,
    choose: setChosen,
    name: setNamed,
    async submit(address, password) {
      if (busy()) return;
      setOwn(null);
      const open = choice();
      const decision = open ? chosenServer(open, address) : await found(address).catch(() => null);
      if (decision?.kind === "server") connect(decision, address, password);
      else if (decision?.kind === "problem") setOwn(decision.problem);
      else if (decision?.kind === "choose") {
        setChosen(0);
        setChoice(decision);
      }
    },
    addressChanged() {
      setChoice(null);
      setOwn(null);
    },
    cancel() {
      asking()?.abort();
      if (session().state === "signingIn") props.onSignOut();
    },
  };
}
