//! Routing. Each module lists its handlers in `routes!`, each with its [`Admission`]. The routes, the guard, the
//! rate limits and the document all come from these lists.
//!
//! A method that a path does not take is 405 with `Allow`. HEAD follows GET.

use super::{
    Code, Problem,
    rate_limits::{self, Policy},
};
use crate::domain::Scope;
use actix_web::{
    HttpRequest, HttpResponse, Resource,
    http::{
        Method,
        header::{self, HeaderValue},
    },
    web,
};
use std::{collections::BTreeMap, sync::Arc};
use utoipa::openapi::{
    OpenApi, PathItem, RefOr, Schema,
    path::{Operation, ParameterIn},
};

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, without a token.
    Public,
    /// Callers with a token that has this scope.
    Scope(Scope),
    /// Callers with an access token, whatever its scopes. Personal access tokens are refused.
    SignedIn,
    /// Callers with an access token that has this scope. Personal access tokens are refused.
    Session(Scope),
    /// Callers with an access token that has this scope, within five minutes of entering their password. For
    /// operations that a stolen token must not reach. Personal access tokens are refused.
    Fresh(Scope),
    /// The person alone, with an access token that has `account:write`, within five minutes of entering their password.
    /// For credentials. Apps are refused, whatever they were granted, and so are personal access tokens.
    Credentials,
}

impl Access {
    /// Replaces the usual rate limit.
    pub const fn limit(self, policy: &'static Policy) -> Admission {
        Admission { access: self, limit: Some(policy) }
    }

    /// Removes the rate limit: for health probes.
    pub const fn unlimited(self) -> Admission {
        Admission { access: self, limit: None }
    }
}

/// Who may call an operation, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    /// Who may call it.
    pub access: Access,
    /// How often. Counted for each account, or for each network where the operation is public.
    pub limit: Option<&'static Policy>,
}

impl From<Access> for Admission {
    fn from(access: Access) -> Self {
        access.limit(match access {
            Access::Public => &rate_limits::PUBLIC,
            Access::Scope(_)
            | Access::SignedIn
            | Access::Session(_)
            | Access::Fresh(_)
            | Access::Credentials => &rate_limits::ACCOUNT,
        })
    }
}

/// The words of [`routes!`].
pub(crate) mod words {
    pub(crate) use super::Access::{Credentials, Fresh, Public, Scope, Session, SignedIn};
    pub(crate) use crate::{
        domain::Scope::{AccountRead, AccountWrite, ExportRead, LogRead, LogWrite, ShareRead, ShareWrite},
        http::rate_limits::{APP_REGISTRATION, EVALUATE, IMPORT, SHARE, SIGN_IN, WHOLE_LOG},
    };
}

/// Makes the actix route of one handler.
pub type MakeRoute = fn() -> actix_web::Route;

/// One operation of the service: its place, its description, who may call it, and its handler.
pub struct Route {
    /// The path's template, as `/v1/episodes/{id}`.
    pub path: String,
    /// The method.
    pub method: Method,
    /// Its description for the document.
    pub operation: Operation,
    /// The schemas that the description refers to, by name.
    pub schemas: BTreeMap<String, RefOr<Schema>>,
    /// Who may call it, and how often.
    pub admission: Admission,
    /// Its handler.
    pub make: MakeRoute,
}

impl Route {
    /// The route of a handler that `#[utoipa::path]` describes. `document` holds this description alone.
    pub fn new(document: OpenApi, admission: impl Into<Admission>, make: MakeRoute) -> Self {
        let OpenApi { paths, components, .. } = document;
        // There is always one; without it the document's tests would find an operation with no id.
        let (path, item) = paths.paths.into_iter().next().unwrap_or_default();
        let described = methods(item).into_iter().find_map(|(method, found)| Some((method, found?)));
        let (method, operation) = described.unwrap_or_default();
        let schemas = components.unwrap_or_default().schemas;
        Self { path, method, operation, schemas, admission: admission.into(), make }
    }

    /// Whether it belongs to the API, as opposed to the service around it.
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/v1/")
    }
}

fn methods(item: PathItem) -> [(Method, Option<Operation>); 5] {
    [
        (Method::GET, item.get),
        (Method::POST, item.post),
        (Method::PUT, item.put),
        (Method::PATCH, item.patch),
        (Method::DELETE, item.delete),
    ]
}

/// Lists the handlers of a module, in the order of the document, each with its admission:
///
/// ```text
/// routes![
///     create_account: Public.limit(&SIGN_IN),
///     get_account: Scope(AccountRead),
/// ]
/// ```
///
/// The handler's name is its operation id.
macro_rules! routes {
    ($($handler:ident: $admission:expr),+ $(,)?) => {{
        use $crate::http::routes::words::*;
        vec![$({
            #[derive(utoipa::OpenApi)]
            #[openapi(paths($handler))]
            struct Document;
            let document = <Document as utoipa::OpenApi>::openapi();
            $crate::http::Route::new(document, $admission, || actix_web::web::route().to($handler))
        }),+]
    }};
}
pub(crate) use routes;

/// One path with everything that it takes.
pub struct Endpoint {
    /// The path's template, as `/v1/episodes/{id}`. Logs and metrics name paths only in this form.
    pub template: String,
    methods: Vec<Served>,
}

/// One method of a path, as it is served.
struct Served {
    method: Method,
    admission: Admission,
    make: MakeRoute,
    media_types: Vec<String>,
    takes_query: bool,
}

impl Endpoint {
    /// Who may use this method here, and how often.
    pub fn admission(&self, method: &Method) -> Option<Admission> {
        self.served(method).map(|served| served.admission)
    }

    /// The media types of this method's successful answers; none where they have no content.
    pub fn media_types(&self, method: &Method) -> &[String] {
        self.served(method).map_or(&[], |served| &served.media_types)
    }

    /// Whether this method takes query parameters.
    pub fn takes_query(&self, method: &Method) -> bool {
        self.served(method).is_none_or(|served| served.takes_query)
    }

    fn served(&self, method: &Method) -> Option<&Served> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.methods.iter().find(|served| served.method == *method)
    }

    fn allow(&self) -> String {
        let mut names: Vec<&str> = self.methods.iter().map(|served| served.method.as_str()).collect();
        if names.contains(&"GET") {
            names.push("HEAD");
        }
        names.push("OPTIONS");
        names.sort_unstable();
        names.join(", ")
    }

    /// The path up to its first parameter, and the rest; the rest is empty where it has none.
    pub fn parts(&self) -> (&str, &str) {
        let at = self.template.find("/{").unwrap_or(self.template.len());
        self.template.split_at(at)
    }

    /// The resource that serves `path`: the whole template, or what is left of it inside a scope.
    pub fn resource(self: &Arc<Self>, path: &str) -> Resource {
        let mut resource = web::resource(path).app_data(Arc::clone(self));
        for Served { method, make, .. } in &self.methods {
            resource = resource.route(make().method(method.clone()));
            if method == Method::GET {
                resource = resource.route(make().method(Method::HEAD));
            }
        }
        resource.default_service(web::route().to(other_method))
    }
}

/// Answers OPTIONS, and refuses every method that the path does not take.
async fn other_method(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let allow = request.app_data::<Arc<Endpoint>>().map(|endpoint| endpoint.allow()).unwrap_or_default();
    if request.method() == Method::OPTIONS {
        return Ok(HttpResponse::NoContent().insert_header((header::ALLOW, allow)).finish());
    }
    let mut problem = Problem::new(Code::MethodNotAllowed).detail(format!("Allowed methods: {allow}."));
    if let Ok(allow) = HeaderValue::try_from(allow) {
        problem = problem.header(header::ALLOW, allow);
    }
    Err(problem)
}

/// Joins routes of the same path into endpoints.
pub fn endpoints(routes: Vec<Route>) -> Vec<Arc<Endpoint>> {
    let mut endpoints: BTreeMap<String, Vec<Served>> = BTreeMap::new();
    for Route { path, method, operation, admission, make, .. } in routes {
        let (media_types, takes_query) = (media_types(&operation), takes_query(&operation));
        endpoints.entry(path).or_default().push(Served { method, admission, make, media_types, takes_query });
    }
    endpoints.into_iter().map(|(template, methods)| Arc::new(Endpoint { template, methods })).collect()
}

/// The media types of an operation's successful answers.
fn media_types(operation: &Operation) -> Vec<String> {
    let answers = operation.responses.responses.iter().filter(|(status, _)| status.starts_with('2'));
    answers
        .filter_map(|(_, answer)| match answer {
            RefOr::T(answer) => Some(answer.content.keys().cloned()),
            RefOr::Ref(_) => None,
        })
        .flatten()
        .collect()
}

fn takes_query(operation: &Operation) -> bool {
    let mut parameters = operation.parameters.iter().flatten();
    parameters.any(|parameter| match parameter {
        RefOr::T(parameter) => matches!(parameter.parameter_in, ParameterIn::Query),
        RefOr::Ref(_) => false,
    })
}
