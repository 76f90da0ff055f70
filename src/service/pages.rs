//! What is the same for everybody: the OpenAPI document, and Swagger UI at `/docs/` to explore it.

use crate::{
    auth::guard::Counted,
    domain::ClientId,
    http::{Code, Problem, asset::Asset},
};
use actix_web::{
    HttpRequest, HttpResponse,
    guard::{Any, Get, Head},
    http::header::LOCATION,
    web::{self, Bytes, Data, Path, ServiceConfig},
};
use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use utoipa_swagger_ui::Config;

/// The file that starts Swagger UI: ours in the place of the one that it brings.
const INITIALIZER: &str = "swagger-initializer.js";
const EXPLORER: &str = include_str!("explorer.js");

/// The document and the files of Swagger UI, as they are served.
pub struct Pages {
    /// The OpenAPI document.
    pub document: Asset,
    /// The same in OpenAPI 3.0.
    pub older_document: Asset,
    explorer: Arc<Config<'static>>,
    /// Those files of Swagger UI that somebody asked for. There are a dozen.
    files: Mutex<BTreeMap<String, Arc<Asset>>>,
}

impl Pages {
    /// Of this document. What Swagger UI is told stands in `explorer.js`.
    pub fn new(document: String, older: String) -> Self {
        let explorer = Config::new(["/openapi.json"]);
        Self {
            document: Asset::new("application/json", document),
            older_document: Asset::new("application/json", older),
            explorer: Arc::new(explorer),
            files: Mutex::default(),
        }
    }

    /// A file of Swagger UI, from those that are compiled in.
    fn file(&self, name: &str) -> Result<Arc<Asset>, Problem> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = files.get(name) {
            return Ok(Arc::clone(file));
        }
        if name == INITIALIZER {
            let script = EXPLORER.replace("{client_id}", &ClientId::EXPLORER.to_string());
            let file = Arc::new(Asset::new("text/javascript; charset=utf-8", script));
            files.insert(name.to_owned(), Arc::clone(&file));
            return Ok(file);
        }
        let file = utoipa_swagger_ui::serve(name, Arc::clone(&self.explorer))
            .map_err(|_cause| Problem::new(Code::Internal))?
            .ok_or_else(|| Problem::new(Code::NotFound))?;
        let bytes = match file.bytes {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        };
        let file = Arc::new(Asset::new(file.content_type, bytes));
        files.insert(name.to_owned(), Arc::clone(&file));
        Ok(file)
    }
}

/// Mounts Swagger UI at `/docs/`.
pub fn mount(config: &mut ServiceConfig) {
    let read = || Any(Get()).or(Head());
    config.service(web::resource("/docs").guard(read()).to(redirect));
    config.service(web::resource("/docs/{file:.*}").guard(read()).to(get_file));
}

async fn redirect(_: Counted) -> HttpResponse {
    HttpResponse::TemporaryRedirect().insert_header((LOCATION, "/docs/")).finish()
}

async fn get_file(
    _: Counted,
    request: HttpRequest,
    name: Path<String>,
    pages: Data<Pages>,
) -> Result<HttpResponse, Problem> {
    Ok(pages.file(&name)?.answer(&request))
}
