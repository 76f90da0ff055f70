//! The pages as a person uses them: the real service, and its home page and Swagger UI in a real browser.
//!
//! `cargo test --test pages`, and not `cargo test`: it takes Chromium and ChromeDriver (Debian: `apt-get
//! install chromium chromium-driver`), and fails where they are missing. `CHROMEDRIVER` names a driver that
//! is not in the `PATH`. With `SCREENSHOTS` set to a folder, each story leaves pictures there.

use actix_web::rt::System;
use fantoccini::{Client, ClientBuilder, Locator, elements::Element, key::Key};
use futures_util::FutureExt;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use spasmlog::{Config, Server, account::Mode, http::Clock};
use std::{
    env,
    error::Error,
    fs,
    io::{BufRead, BufReader, ErrorKind},
    panic::{AssertUnwindSafe, resume_unwind},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};
use tempfile::TempDir;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// How long the browser may take for one thing on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often to look whether it has.
const INTERVAL: Duration = Duration::from_millis(50);

#[test]
fn a_person_signs_up_authorises_and_is_told_the_next_step_inside_swagger_ui() -> Outcome {
    tell(async |page| {
        page.open("/docs/").await?;
        let sign_up = json!({ "email": "me@example.org", "password": "correct horse battery" });
        page.expand("Accounts", "create_account").await?;
        let (status, registered) = page.execute("Accounts", "create_account", Some(sign_up)).await?;
        assert_eq!(status, "201", "{registered}");
        let token = registered.pointer("/tokens/access_token").and_then(Value::as_str);
        page.authorise(token.ok_or("the answer to a sign-up has no access token")?).await?;

        let lifted = json!({ "trigger": "Lifted a box" });
        page.expand("Episodes", "create_episode").await?;
        let (status, episode) = page.execute("Episodes", "create_episode", Some(lifted)).await?;
        assert_eq!(status, "201", "{episode}");
        assert_eq!(episode.pointer("/next_step/action"), Some(&json!("apply_ice")), "{episode}");
        page.picture("episode").await?;

        page.expand("Shares", "create_share").await?;
        let (status, share) = page.execute("Shares", "create_share", Some(json!({}))).await?;
        assert_eq!(status, "201", "{share}");
        let code = Locator::Css("img[alt^='QR code']");
        page.client.wait().at_most(PATIENCE).for_element(code).await?;
        let width = "return document.querySelector(\"img[alt^='QR code']\").naturalWidth";
        let width = page.client.execute(width, Vec::new()).await?;
        assert!(width.as_u64().is_some_and(|pixels| pixels > 0), "the code is not drawn: {width}");
        page.picture("share").await?;

        page.expand("Guide", "get_next_step").await?;
        let (status, step) = page.execute("Guide", "get_next_step", None).await?;
        assert_eq!((status.as_str(), step.get("action")), ("200", Some(&json!("apply_ice"))), "{step}");

        // The address has the operation in it, so that it is open again. The token is gone.
        page.client.refresh().await?;
        let (status, step) = page.execute("Guide", "get_next_step", None).await?;
        assert_eq!(status, "401", "a token is kept in the browser: {step}");
        let complaints = page.complaints().await?;
        let refusals = complaints.iter().filter(|one| text(one, "/message").contains("status of 401"));
        assert_eq!((complaints.len(), refusals.count()), (1, 1), "{complaints:#?}");
        page.picture("next-step").await
    })
}

#[test]
fn every_link_of_the_home_page_leads_somewhere() -> Outcome {
    tell(async |page| {
        page.open("/").await?;
        page.picture("home").await?;
        let links = page.client.find_all(Locator::Css("a")).await?.len();
        assert!(links >= 3, "the home page has {links} links");
        for number in 0..links {
            page.open("/").await?;
            let link = page.client.find_all(Locator::Css("a")).await?.into_iter().nth(number);
            link.ok_or("the home page has lost a link")?.click().await?;
            let (path, status) = page.landed().await?;
            assert_ne!(path, "/", "link {number} leads nowhere");
            assert_eq!(status, 200, "{path}");
        }
        Ok(())
    })
}

/// Runs a story in a browser of its own, at a service of its own, and then takes both down, whatever came of
/// it. After any story that went well: nothing was asked of another host, and the console has no complaint.
fn tell(story: impl AsyncFnOnce(&Page) -> Outcome) -> Outcome {
    let service = Service::start()?;
    let driver = Driver::start()?;
    let told = System::new().block_on(async {
        let page = Page::new(&driver, &service).await?;
        let told = AssertUnwindSafe(async {
            story(&page).await?;
            page.stayed_home().await?;
            page.ran_clean().await
        });
        let told = told.catch_unwind().await;
        page.client.close().await?;
        told.unwrap_or_else(|panic| resume_unwind(panic))
    });
    service.stop()?;
    told
}

/// The service, on a thread and in a folder of its own.
struct Service {
    origin: String,
    stop: Box<dyn FnOnce()>,
    thread: thread::JoinHandle<Result<(), String>>,
    _folder: TempDir,
}

impl Service {
    fn start() -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let config = Config {
            bind: ([127, 0, 0, 1], 0).into(),
            registration: Mode::Open,
            workers: Some(1),
            ..Config::in_folder(folder.path())?
        };
        let (started, start) = mpsc::channel();
        let thread = thread::spawn(move || {
            System::new().block_on(async {
                let server =
                    Server::bind(config, Clock::system()).await.map_err(|error| error.to_string())?;
                drop(started.send((server.address(), server.stopper())));
                server.run().await.map_err(|error| error.to_string())
            })
        });
        let (address, stopper) = start.recv_timeout(PATIENCE)?;
        let stop = Box::new(move || System::new().block_on(stopper.stop()));
        Ok(Self { origin: format!("http://{address}"), stop, thread, _folder: folder })
    }

    fn stop(self) -> Outcome {
        (self.stop)();
        self.thread.join().map_err(|_panic| "the service panicked")??;
        Ok(())
    }
}

/// `ChromeDriver`, on a port that it chose.
struct Driver {
    process: Child,
    url: String,
}

impl Driver {
    fn start() -> Outcome<Self> {
        let program = env::var("CHROMEDRIVER").unwrap_or_else(|_unset| "chromedriver".to_owned());
        let mut process = Command::new(&program).arg("--port=0").stdout(Stdio::piped()).spawn().map_err(
            |error| match error.kind() {
                ErrorKind::NotFound => format!(
                    "there is no {program}: install Chromium and ChromeDriver (Debian: apt-get install \
                     chromium chromium-driver), or name the driver in CHROMEDRIVER"
                ),
                _ => format!("{program} does not start: {error}"),
            },
        )?;
        let output = process.stdout.take().ok_or("ChromeDriver has no output")?;
        // From here on the process is killed with its driver, even when it never says its port.
        let mut driver = Self { process, url: String::new() };
        for line in BufReader::new(output).lines() {
            if let Some((_, port)) = line?.split_once("started successfully on port ") {
                driver.url = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
                return Ok(driver);
            }
        }
        Err("ChromeDriver ended before it said its port".into())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Where it has ended by itself there is nothing to do.
        drop(self.process.kill().and_then(|()| self.process.wait()));
    }
}

/// A page of the service in Chromium.
struct Page {
    client: Client,
    origin: String,
    /// Where `ChromeDriver` keeps what the browser logged in this session.
    logs: String,
}

impl Page {
    async fn new(driver: &Driver, service: &Service) -> Outcome<Self> {
        let wanted = json!({
            "goog:chromeOptions": { "args": [
                "--headless",
                // Its sandbox refuses root, and a container has no name spaces for it; all it opens is ours.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                // Chromium's own errands, which are no business of a test.
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1200,1400",
            ] },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let Value::Object(wanted) = wanted else { return Err("capabilities are an object".into()) };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&driver.url)
            .await
            .map_err(|error| {
                format!("Chromium does not start (Debian: apt-get install chromium): {error}")
            })?;
        let session = client.session_id().await?.ok_or("ChromeDriver gave no session")?;
        let logs = format!("{}/session/{session}/se/log", driver.url);
        Ok(Self { client, origin: service.origin.clone(), logs })
    }

    async fn open(&self, path: &str) -> Outcome {
        Ok(self.client.goto(&format!("{}{path}", self.origin)).await?)
    }

    async fn find(&self, css: &str) -> Outcome<Element> {
        let wait = self.client.wait().at_most(PATIENCE).every(INTERVAL);
        Ok(wait.for_element(Locator::Css(css)).await.map_err(|error| format!("{css}: {error}"))?)
    }

    async fn click(&self, css: &str) -> Outcome {
        let element = self.find(css).await?;
        Ok(element.click().await.map_err(|error| format!("{css}: {error}"))?)
    }

    /// Opens an operation: its tag, then its line.
    async fn expand(&self, tag: &str, operation: &str) -> Outcome {
        self.click(&format!("#operations-tag-{tag}[data-is-open=false]")).await?;
        self.click(&format!("#operations-{tag}-{operation} .opblock-summary-control")).await
    }

    /// Replaces the example of an open operation by this body, executes it, and reads the status and the
    /// body of the answer.
    async fn execute(&self, tag: &str, operation: &str, body: Option<Value>) -> Outcome<(String, Value)> {
        let operation = format!("#operations-{tag}-{operation}");
        if let Some(body) = body {
            let field = self.find(&format!("{operation} textarea.body-param__text")).await?;
            // Not `clear`, which React does not notice.
            field.send_keys(&(Key::Control + "a" + &Key::Null.to_string() + &body.to_string())).await?;
        }
        self.click(&format!("{operation} button.execute")).await?;
        let answer = format!("{operation} .live-responses-table .response");
        let status = self.find(&format!("{answer} .response-col_status")).await?.text().await?;
        let body = self.find(&format!("{answer} .response-col_description .highlight-code code")).await?;
        let status = status.split_whitespace().next().unwrap_or_default().to_owned();
        Ok((status, serde_json::from_str(&body.text().await?)?))
    }

    /// Gives Swagger UI the token, and closes its dialogue.
    async fn authorise(&self, token: &str) -> Outcome {
        self.click(".auth-wrapper .btn.authorize.unlocked").await?;
        self.find(".modal-ux .auth-container input").await?.send_keys(token).await?;
        self.click(".modal-ux .auth-btn-wrapper .authorize").await?;
        self.click(".modal-ux .auth-btn-wrapper .btn-done").await?;
        self.find(".auth-wrapper .btn.authorize.locked").await.map(drop)
    }

    /// Where the browser went, and what it was answered there.
    async fn landed(&self) -> Outcome<(String, u64)> {
        let path = self.client.current_url().await?.path().to_owned();
        let script = "return performance.getEntriesByType('navigation')[0].responseStatus";
        let status = self.client.execute(script, Vec::new()).await?;
        Ok((path, status.as_u64().ok_or("the browser knows no status")?))
    }

    /// Checks that no request was for another host, whether it would have got through or not.
    async fn stayed_home(&self) -> Outcome {
        let mut requests = 0;
        for entry in self.log("performance").await? {
            let event: Value = serde_json::from_str(text(&entry, "/message"))?;
            if text(&event, "/message/method") == "Network.requestWillBeSent" {
                let url = text(&event, "/message/params/request/url");
                let is_ours = url.strip_prefix(&self.origin).is_some_and(|rest| rest.starts_with('/'));
                assert!(is_ours || url.starts_with("data:"), "the page asked for {url}");
                requests += 1;
            }
        }
        assert!(requests > 0, "the browser's log of requests is empty");
        Ok(())
    }

    /// Checks that the console has no error: a breach of the content security policy is one.
    async fn ran_clean(&self) -> Outcome {
        let complaints = self.complaints().await?;
        assert!(complaints.is_empty(), "{complaints:#?}");
        Ok(())
    }

    /// The errors in the console since the last look.
    async fn complaints(&self) -> Outcome<Vec<Value>> {
        let mut entries = self.log("browser").await?;
        entries.retain(|entry| text(entry, "/level") == "SEVERE");
        Ok(entries)
    }

    async fn log(&self, kind: &str) -> Outcome<Vec<Value>> {
        let client = reqwest::Client::new();
        let answer = client.post(&self.logs).json(&json!({ "type": kind })).send().await?;
        let mut answer: Value = answer.error_for_status()?.json().await?;
        match answer.get_mut("value").map(Value::take) {
            Some(Value::Array(entries)) => Ok(entries),
            other => Err(format!("the log {kind} is not a list: {other:?}").into()),
        }
    }

    /// Leaves a picture of the page in the folder that `SCREENSHOTS` names, if it does.
    async fn picture(&self, name: &str) -> Outcome {
        if let Some(folder) = env::var_os("SCREENSHOTS") {
            fs::create_dir_all(&folder)?;
            fs::write(Path::new(&folder).join(name).with_extension("png"), self.client.screenshot().await?)?;
        }
        Ok(())
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
