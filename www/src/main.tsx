//! Starts the page.

import { render } from "solid-js/web";
import "./tokens.css";
import { createClient } from "./client";
import { App } from "./views/App";

const root = document.getElementById("app");
if (root) {
  const client = createClient();
  render(() => <App client={client} />, root);
}
