//! How handlers become routes: each slice lists its handlers once, and the list is both the routing and the
//! document. What a path does not take is 405 with `Allow`; HEAD follows GET.

use super::{Code, Problem};
use crate::domain::Scope;
use actix_web::{
    HttpRequest, HttpResponse, Resource, Route,
    http::{
        Method,
        header::{self, HeaderValue},
    },
    web,
};
use std::{collections::BTreeMap, sync::Arc};
use utoipa::openapi::{
    OpenApi, PathItem, RefOr,
    path::{Operation, ParameterIn},
};

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever has a token with this scope.
    Scope(Scope),
    /// Whoever is signed in, whatever the token is good for; not with a personal access token.
    SignedIn,
    /// Whoever is signed in with a token of this scope; not with a personal access token.
    Session(Scope),
    /// Whoever has a token with this scope and has shown a password in the last five minutes: for what a stolen
    /// token must not do. Not with a personal access token.
    Fresh(Scope),
    /// The person alone, who has shown a password in the last five minutes, with `account:write`: for what opens the
    /// account. Neither an app, whatever it was granted, nor a personal access token.
    Credentials,
}

/// Makes the route of one handler.
pub type MakeRoute = fn() -> Route;

/// What a slice gives to the service: its part of the document, and its handlers by operation id.
pub struct Slice {
    /// The slice's paths and schemas.
    pub document: OpenApi,
    /// Its handlers, by the operation id that the document has for them.
    pub handlers: Vec<(&'static str, MakeRoute)>,
}

/// Lists the handlers of a slice. Each one's operation id is its name.
macro_rules! operations {
    ($($handler:ident),+ $(,)?) => {{
        #[derive(utoipa::OpenApi)]
        #[openapi(paths($($handler),+))]
        struct Document;
        $crate::http::Slice {
            document: <Document as utoipa::OpenApi>::openapi(),
            handlers: vec![$((stringify!($handler), || actix_web::web::route().to($handler))),+],
        }
    }};
}
pub(crate) use operations;

/// One path with everything that it takes.
pub struct Endpoint {
    /// The path's template, as `/v1/episodes/{id}`: the only form of a path that is ever logged.
    pub template: String,
    methods: Vec<Served>,
}

/// One method of a path, as it is served.
struct Served {
    method: Method,
    access: Access,
    make: MakeRoute,
    forms: Vec<String>,
    takes_query: bool,
}

impl Endpoint {
    /// Who may use this method here.
    pub fn access(&self, method: &Method) -> Option<Access> {
        self.served(method).map(|served| served.access)
    }

    /// The media types that this method answers with; none where an answer has no content.
    pub fn forms(&self, method: &Method) -> &[String] {
        self.served(method).map_or(&[], |served| &served.forms)
    }

    /// Whether this method takes parameters in the query.
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

    /// The path up to its first parameter, and what comes after; nothing comes after where it has none.
    pub fn parts(&self) -> (&str, &str) {
        let at = self.template.find("/{").unwrap_or(self.template.len());
        self.template.split_at(at)
    }

    /// The resource that serves this path, or what is left of it inside a scope.
    pub fn resource(self: &Arc<Self>, path: &str) -> Resource {
        let mut resource = web::resource(path).app_data(Arc::clone(self));
        for Served { method, make, .. } in &self.methods {
            resource = resource.route(make().method(method.clone()));
            if method == Method::GET {
                resource = resource.route(make().method(Method::HEAD));
            }
        }
        resource.default_service(web::route().to(not_taken))
    }
}

/// Answers OPTIONS, and refuses every method that the path does not take.
async fn not_taken(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let allow = request.app_data::<Arc<Endpoint>>().map(|endpoint| endpoint.allow()).unwrap_or_default();
    if request.method() == Method::OPTIONS {
        return Ok(HttpResponse::NoContent().insert_header((header::ALLOW, allow)).finish());
    }
    let mut problem = Problem::new(Code::MethodNotAllowed).detail(format!("This path takes {allow}."));
    if let Ok(allow) = HeaderValue::try_from(allow) {
        problem = problem.header(header::ALLOW, allow);
    }
    Err(problem)
}

/// An operation of the document that the service cannot serve. A mistake of the program, found at start.
#[derive(Debug, thiserror::Error)]
pub enum RoutingError {
    /// A handler is listed that the document does not have.
    #[error("handler {0} has no operation of its name in the document")]
    Undocumented(&'static str),
    /// Nobody said who may call it.
    #[error("operation {0} has no row in the table of access")]
    NoAccess(&'static str),
}

/// Joins the handlers of all slices into endpoints.
///
/// # Errors
/// When a handler is not in its document, or not in the table of access.
pub fn endpoints(
    slices: &[Slice],
    access: impl Fn(&str) -> Option<Access>,
) -> Result<Vec<Arc<Endpoint>>, RoutingError> {
    let mut endpoints: BTreeMap<String, Vec<Served>> = BTreeMap::new();
    for slice in slices {
        for (name, make) in &slice.handlers {
            let (template, method, operation) =
                find(&slice.document, name).ok_or(RoutingError::Undocumented(name))?;
            let access = access(name).ok_or(RoutingError::NoAccess(name))?;
            let (forms, takes_query) = (forms(operation), takes_query(operation));
            let served = Served { method, access, make: *make, forms, takes_query };
            endpoints.entry(template.clone()).or_default().push(served);
        }
    }
    Ok(endpoints.into_iter().map(|(template, methods)| Arc::new(Endpoint { template, methods })).collect())
}

/// The media types of an operation's answers that are no problems.
fn forms(operation: &Operation) -> Vec<String> {
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

/// The path, the method and the rest of an operation.
fn find<'a>(document: &'a OpenApi, id: &str) -> Option<(&'a String, Method, &'a Operation)> {
    document.paths.paths.iter().find_map(|(template, item)| {
        methods(item)
            .into_iter()
            .filter_map(|(method, operation)| Some((method, operation?)))
            .find(|(_, operation)| operation.operation_id.as_deref() == Some(id))
            .map(|(method, operation)| (template, method, operation))
    })
}

fn methods(item: &PathItem) -> [(Method, Option<&Operation>); 5] {
    [
        (Method::GET, item.get.as_ref()),
        (Method::POST, item.post.as_ref()),
        (Method::PUT, item.put.as_ref()),
        (Method::PATCH, item.patch.as_ref()),
        (Method::DELETE, item.delete.as_ref()),
    ]
}
