//! Chromium without a window, driven over its debugging pipe.
//! Source: Chrome DevTools Protocol, and Chromium's switch `--remote-debugging-pipe`: messages in JSON, each ended by a
//! zero byte, read from descriptor 3 and written to descriptor 4.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome"];
/// An answer takes no longer, on a slow machine as well.
const PATIENCE: Duration = Duration::from_secs(60);
/// An installation takes no longer.
const INSTALLATION: Duration = Duration::from_secs(300);

/// The browser on the PATH; where there is none and this run may install one, it does. `None` where that fails.
pub(super) fn find() -> Option<PathBuf> {
    on_path(NAMES).or_else(|| {
        println!("no Chromium on the PATH");
        install()?;
        on_path(NAMES)
    })
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut files = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    files.find(|file| file.is_file())
}

/// Only root may, and only where the packages are Debian's.
fn install() -> Option<()> {
    let apt = on_path(&["apt-get"]).filter(|_| is_root())?;
    let deadline = Instant::now() + INSTALLATION;
    let run = |words: &[&str]| {
        println!("apt-get {}", words.join(" "));
        let mut child = Command::new(&apt)
            .args(words)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .ok()?;
        while Instant::now() < deadline {
            if let Some(status) = child.try_wait().ok()? {
                return status.success().then_some(());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        let _ = child.kill();
        let _ = child.wait();
        None
    };
    let chromium = ["install", "-y", "--no-install-recommends", "chromium"];
    run(&chromium).or_else(|| {
        run(&["update", "-qq"])?;
        run(&chromium)
    })
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// One page of one browser.
pub(super) struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    session: Option<String>,
    last: u64,
    /// What happened while nothing was asked.
    events: Vec<Value>,
}

impl Browser {
    /// Starts the browser with a profile of its own.
    pub(super) fn start(program: &Path, profile: &Path) -> Result<Self> {
        // The shell hands our pipes on as the descriptors that the browser reads and writes.
        let mut command = Command::new("sh");
        command
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null", "sh"])
            .arg(program)
            .args([
                "--headless=new",
                "--remote-debugging-pipe",
                "--disable-gpu",
                "--no-first-run",
            ])
            .arg(format!("--user-data-dir={}", profile.display()));
        if is_root() {
            command.arg("--no-sandbox");
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        let to = child.stdin.take().context("the browser has no input")?;
        let stdout = child.stdout.take().context("the browser has no output")?;
        let (sender, from) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(stdout).split(0) {
                let parsed = message.ok().and_then(|message| serde_json::from_slice(&message).ok());
                if parsed.is_none_or(|value: Value| sender.send(value).is_err()) {
                    return;
                }
            }
        });
        let mut browser = Browser {
            child,
            to,
            from,
            session: None,
            last: 0,
            events: Vec::new(),
        };
        browser.attach()?;
        Ok(browser)
    }

    fn attach(&mut self) -> Result<()> {
        let target = self.ask("Target.createTarget", &json!({ "url": "about:blank" }))?;
        let about = json!({ "targetId": target["targetId"], "flatten": true });
        let session = self.ask("Target.attachToTarget", &about)?;
        self.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.ask(&format!("{domain}.enable"), &json!({}))?;
        }
        Ok(())
    }

    /// Sends a command and waits for its answer.
    pub(super) fn ask(&mut self, method: &str, parameters: &Value) -> Result<Value> {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": parameters });
        if let (Some(session), Some(fields)) = (&self.session, message.as_object_mut()) {
            fields.insert("sessionId".to_owned(), json!(session));
        }
        let mut bytes = serde_json::to_vec(&message)?;
        bytes.push(0);
        self.to.write_all(&bytes).context("the browser went away")?;
        loop {
            let answer = self
                .from
                .recv_timeout(PATIENCE)
                .with_context(|| format!("the browser did not answer {method}"))?;
            if answer["id"] != self.last {
                self.events.push(answer);
            } else if answer["error"].is_null() {
                return Ok(answer["result"].clone());
            } else {
                bail!("{method}: {}", answer["error"]);
            }
        }
    }

    /// The value of an expression of the page, awaited.
    pub(super) fn value(&mut self, expression: &str) -> Result<Value> {
        let about = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let answer = self.ask("Runtime.evaluate", &about)?;
        ensure!(
            answer["exceptionDetails"].is_null(),
            "`{expression}` failed: {}",
            answer["exceptionDetails"]
        );
        Ok(answer["result"]["value"].clone())
    }

    /// Loads an address anew and waits until it is complete.
    pub(super) fn load(&mut self, address: &str) -> Result<()> {
        for address in ["about:blank", address] {
            self.ask("Page.navigate", &json!({ "url": address }))?;
            let loaded = format!(
                "location.href === {} && document.readyState === 'complete'",
                json!(address)
            );
            self.wait_for(&loaded)?;
        }
        Ok(())
    }

    /// Waits until an expression of the page is true.
    pub(super) fn wait_for(&mut self, expression: &str) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while self.value(expression).ok() != Some(Value::Bool(true)) {
            ensure!(Instant::now() < deadline, "never true in the page: {expression}");
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Presses a key and lets it go.
    pub(super) fn press(&mut self, key: &str, code: u32) -> Result<()> {
        let text = match key {
            "Enter" => "\r",
            key if key.len() == 1 => key,
            _ => "",
        };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let about = json!({ "type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code });
            self.ask("Input.dispatchKeyEvent", &about)?;
        }
        Ok(())
    }

    /// What the page complained of, and which addresses other than `own` it asked for.
    pub(super) fn faults(&mut self, own: &str) -> Result<Vec<String>> {
        // What came before the answer to this has arrived.
        self.value("0")?;
        let fault = |event: &Value| match event["method"].as_str()? {
            "Log.entryAdded" => Some(event["params"]["entry"].to_string()),
            "Runtime.exceptionThrown" | "Runtime.consoleAPICalled" => Some(event["params"].to_string()),
            "Network.requestWillBeSent" => {
                let url = event["params"]["request"]["url"].as_str()?;
                let inside = url.starts_with(own) || url.starts_with("data:") || url == "about:blank";
                (!inside).then(|| format!("it asked for {url}"))
            }
            _ => None,
        };
        Ok(self.events.drain(..).filter_map(|event| fault(&event)).collect())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.session = None;
        // It closes its other processes; where it does not, it is ended.
        let closed = self.ask("Browser.close", &json!({})).is_ok();
        if !closed {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
