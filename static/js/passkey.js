/* Passkeys: the browser asks the key, the server judges what it signed. Loaded only by the pages that offer one; without it, codes and passwords serve.
   A block says what it is for: data-passkey = "make" (a new key), "prove" (the second factor), "enter" (sign in by the key alone), "confirm" (who holds the keyboard). */
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  function said(credential) {
    const answer = credential.response;
    const told = { clientDataJSON: text(answer.clientDataJSON) };
    if (answer.attestationObject) {
      told.attestationObject = text(answer.attestationObject);
      told.transports = answer.getTransports ? answer.getTransports() : [];
    } else {
      told.authenticatorData = text(answer.authenticatorData);
      told.signature = text(answer.signature);
      told.userHandle = answer.userHandle ? text(answer.userHandle) : null;
    }
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response: told,
      authenticatorAttachment: credential.authenticatorAttachment ?? null, clientExtensionResults: credential.getClientExtensionResults(),
    });
  }

  async function make(options, alone) {
    const asked = options.publicKey;
    return said(await navigator.credentials.create({ publicKey: {
      ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: known(asked.excludeCredentials),
      authenticatorSelection: {
        ...asked.authenticatorSelection, residentKey: alone ? "required" : "discouraged", requireResidentKey: alone,
        userVerification: alone ? "required" : asked.authenticatorSelection?.userVerification ?? "preferred",
      },
    } }));
  }

  async function prove(options) {
    const asked = options.publicKey;
    return said(await navigator.credentials.get({ publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials) } }));
  }

  async function fetched(url, body) {
    const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    const answer = await fetch(url, body ? { method: "POST", headers, body, credentials: "same-origin" } : { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return body ? null : answer.json();
  }

  document.querySelectorAll("[data-passkey]").forEach((block) => {
    const kind = block.dataset.passkey;
    const button = block.querySelector("button");
    const line = block.querySelector("[data-passkey-said]");
    const form = block.closest("form");
    block.hidden = false;
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      if (button.getAttribute("aria-disabled")) return;
      button.setAttribute("aria-disabled", "true");
      line.textContent = "";
      try {
        const options = block.dataset.options ? JSON.parse(block.dataset.options) : await fetched(block.dataset.url);
        const credential = kind === "make" ? await make(options, Boolean(form.elements.alone?.checked)) : await prove(options);
        if (kind === "confirm") {
          const body = new FormData();
          body.append("credential", credential);
          await fetched(block.dataset.url, body);
          line.textContent = block.dataset.done;
          button.hidden = true;
          if (block.dataset.go !== undefined) form.requestSubmit();
          return;
        }
        form.elements.credential.value = credential;
        form.requestSubmit();
      } catch {
        line.textContent = block.dataset.failed;
        button.removeAttribute("aria-disabled");
      }
    });
  });
})();
