use iam::Policy;
use text::{EntityId, PartialText, Said, Setting, Span};

/// An API in front of functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    /// REST, HTTP or WebSocket.
    pub protocol: ApiProtocol,
    /// Edge, regional or private.
    pub endpoint: Setting<EndpointKind>,
    /// Whether the provider's own address is switched off.
    pub default_endpoint_disabled: Setting<bool>,
    /// Whether access logs are written.
    pub access_logs: Setting<bool>,
    /// Requests a second for all callers together.
    pub throttle_rate: Setting<u32>,
    /// Whether calls are traced.
    pub tracing: Setting<bool>,
    /// Web application firewall in front.
    pub web_acl: Setting<WebAcl>,
    /// Whether responses are cached.
    pub cache: Setting<bool>,
    /// Whether the cache is encrypted.
    pub cache_encrypted: Setting<bool>,
    /// Answer to browsers of other origins, where one is configured.
    pub cors: Option<Cors>,
    /// Authentication of routes that say nothing themselves.
    pub default_auth: Setting<RouteAuth>,
    /// Whether a request's body or parameters are validated anywhere in the API.
    pub validation: Setting<bool>,
    /// Resource policy.
    pub policy: Option<Policy>,
    /// Where the first of its stages in the graph is declared; settings of a stage cannot be
    /// judged without one.
    pub stage: Option<Span>,
    /// Whether routes come from a definition that was not read (`DefinitionUri` in a bucket).
    pub routes_unknown: Option<text::Unknown>,
}

/// Protocol of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApiProtocol {
    /// REST API (API Gateway version 1).
    Rest,
    /// HTTP API (API Gateway version 2).
    Http,
    /// WebSocket API.
    WebSocket,
}

/// From where an API can be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndpointKind {
    /// The internet, through edge locations.
    Edge,
    /// The internet.
    Regional,
    /// Private networks only.
    Private,
}

/// A web application firewall's access control list, as attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAcl {
    /// ARN or reference.
    pub arn: PartialText,
    /// Whether one of its rules limits how often a caller may ask; `None` where its rules are not
    /// in the template.
    pub limits_rate: Option<bool>,
}

/// Cross-origin resource sharing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cors {
    /// Where it is configured.
    pub span: Span,
    /// Origins allowed; `*` is any.
    pub origins: Vec<Origin>,
    /// Whether credentials are allowed.
    pub credentials: Setting<bool>,
}

/// An origin whose scripts may read an API's answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Scheme and host; `*` is any.
    pub said: Said<PartialText>,
    /// The template's condition under which it is allowed, in words.
    pub when: Option<text::Condition>,
}

/// Method, path and authentication of one route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Upper case, or `ANY`; empty for WebSocket.
    pub method: String,
    /// Path or route key.
    pub path: String,
    /// The API, where it is in the graph.
    pub api: Option<EntityId>,
    /// Who may call it.
    pub auth: Setting<RouteAuth>,
    /// Whether an API key is asked for.
    pub api_key: Setting<bool>,
    /// Whether the request is validated.
    pub validation: Setting<bool>,
    /// What answers it, where that was said.
    pub integration: Option<Integration>,
}

/// What answers a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Integration {
    /// A function.
    Function,
    /// A service of the cloud, called by the API itself: a queue, a table, a state machine.
    Service(Unmapped),
    /// A server elsewhere, or in a private network.
    Http,
    /// The API itself, with an answer from its configuration.
    Mock,
}

/// What an API does with a body of a content type for which it has no template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unmapped {
    /// It reaches the service as it came.
    PassedOn,
    /// It is refused.
    Refused,
}

/// Who may call a route.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RouteAuth {
    /// Anyone.
    Anyone,
    /// Signed requests of allowed principals.
    Iam,
    /// A token that an issuer signed (JWT, Cognito, OpenID Connect).
    Token,
    /// A function decides.
    Function(Option<EntityId>),
    /// An API key only, where the cloud counts that as authentication (GraphQL, function keys).
    ApiKey,
    /// Another way, in the format's own words.
    Other(String),
}

/// A GraphQL API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphqlApi {
    /// Authentication modes: the default one first.
    pub auth: Vec<Setting<RouteAuth>>,
    /// Whether the schema can be asked for.
    pub introspection: Setting<bool>,
    /// Whether requests are logged.
    pub logging: Setting<bool>,
    /// Whether calls are traced.
    pub tracing: Setting<bool>,
    /// Deepest query allowed; 0 or unset is no limit.
    pub depth_limit: Setting<u32>,
    /// Whether it answers to private networks only.
    pub private: Setting<bool>,
    /// Web application firewall in front.
    pub web_acl: Setting<WebAcl>,
    /// Cache encrypted at rest, where a cache is configured.
    pub cache_at_rest: Option<Setting<bool>>,
    /// Cache encrypted in transit, where a cache is configured.
    pub cache_in_transit: Option<Setting<bool>>,
}

/// A custom domain name of an API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// The domain's name.
    pub name: Setting<PartialText>,
    /// Security policy: `TLS_1_0`, `TLS_1_2`, …
    pub tls_policy: Setting<String>,
    /// Whether clients show a certificate.
    pub mutual_tls: Setting<bool>,
    /// APIs mapped to it.
    pub apis: Vec<EntityId>,
}

/// A content delivery network's distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// Lowest protocol version viewers may use: `TLSv1`, `TLSv1.2_2021`, …
    pub minimum_tls: Setting<String>,
    /// Whether the provider's default certificate is used, under which `minimum_tls` has no effect.
    pub default_certificate: Setting<bool>,
    /// What viewers may speak: `allow-all`, `redirect-to-https`, `https-only`; one per behaviour.
    pub viewer_protocols: Vec<Setting<String>>,
    /// Whether responses carry Strict-Transport-Security.
    pub hsts: Setting<bool>,
    /// Web application firewall in front.
    pub web_acl: Setting<WebAcl>,
    /// Whether requests are logged.
    pub logging: Setting<bool>,
    /// Origins, as domain names or references.
    pub origins: Vec<Said<PartialText>>,
}

/// A load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadBalancer {
    /// Whether it is a Classic Load Balancer, which takes no firewall and cannot redirect.
    pub classic: bool,
    /// Whether it faces the internet.
    pub public: Setting<bool>,
    /// Whether requests are logged.
    pub access_logs: Setting<bool>,
    /// Web application firewall in front.
    pub web_acl: Setting<WebAcl>,
    /// Listeners.
    pub listeners: Vec<Listener>,
    /// Whether some requests go to what is no function of the graph: machines, addresses, target
    /// groups declared elsewhere.
    pub leads_elsewhere: bool,
}

/// A listener of a load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Where it is declared.
    pub span: Span,
    /// `HTTP`, `HTTPS`, …
    pub protocol: Setting<String>,
    /// Security policy: `ELBSecurityPolicy-TLS13-1-2-2021-06`, …
    pub tls_policy: Setting<String>,
    /// Whether all it does is redirect to HTTPS.
    pub redirects_to_https: Setting<bool>,
}
