//! Starts the page.

import "./styles/layers.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { render } from "solid-js/web";
import { createApp } from "./app/app";
import { showTitle } from "./app/title";
import { Page } from "./features/page/Page";

const root = document.getElementById("app");
if (root) {
  render(() => {
    const app = createApp();
    showTitle(app.store);
    return <Page app={app} />;
  }, root);
}
