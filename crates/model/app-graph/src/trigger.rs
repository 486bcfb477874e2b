use text::{EntityId, PartialText, Setting, Span};

use crate::{Entity, Route};

/// What invokes a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// Name, place, condition.
    pub entity: Entity,
    /// Its kind.
    pub kind: TriggerKind,
    /// What sends the events: a queue's ARN, an API's id; `Unset` for kinds without one.
    pub source: Setting<PartialText>,
    /// The source's entity, where it is in the graph.
    pub source_entity: Option<EntityId>,
    /// The function invoked; `None` where the target is not a function of this graph.
    pub function: Option<EntityId>,
    /// What is invoked instead, where it is not a function: an integration, a state machine.
    pub other_target: Option<EntityId>,
    /// Method and path, for HTTP kinds.
    pub route: Option<Route>,
    /// Whether it is switched on; unset means on.
    pub enabled: Setting<bool>,
    /// Records a batch.
    pub batch_size: Setting<u32>,
    /// Seconds a batch is collected.
    pub batching_window: Setting<u32>,
    /// Whether failed items of a batch are reported one by one.
    pub reports_item_failures: Setting<bool>,
    /// Only events that match are passed on.
    pub filter: Setting<String>,
    /// Settings of polled streams.
    pub stream: Option<StreamSettings>,
    /// How the platform gets into a polled source: kinds of access in the cloud's words, with the
    /// secret, subnet or name that each is given by.
    pub access: Vec<(String, PartialText)>,
    /// Topics polled.
    pub topics: Vec<PartialText>,
    /// The group of consumers that polls topics.
    pub consumer_group: Setting<PartialText>,
    /// Object keys, for bucket events: prefix and suffix.
    pub key_filter: Vec<(String, Setting<PartialText>)>,
    /// Where an asynchronous trigger's own undelivered events go (rule's or topic's dead letters).
    pub failure_destination: Setting<PartialText>,
    /// How the caller gets the answer, for HTTP kinds.
    pub answer: Answer,
    /// ARN, name or reference of the role it runs as, for pipes.
    pub role: Setting<PartialText>,
}

impl Trigger {
    /// A trigger of which nothing is said yet.
    pub fn new(entity: Entity, kind: TriggerKind) -> Self {
        Self {
            entity,
            kind,
            source: Setting::Unset,
            source_entity: None,
            function: None,
            other_target: None,
            route: None,
            enabled: Setting::Unset,
            batch_size: Setting::Unset,
            batching_window: Setting::Unset,
            reports_item_failures: Setting::Unset,
            filter: Setting::Unset,
            stream: None,
            access: Vec::new(),
            topics: Vec::new(),
            consumer_group: Setting::Unset,
            key_filter: Vec::new(),
            failure_destination: Setting::Unset,
            answer: Answer::Usual,
            role: Setting::Unset,
        }
    }
}

/// How a caller gets a function's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Answer {
    /// As the kind of trigger does.
    #[default]
    Usual,
    /// As the kind of trigger does, but the caller gives up after so many milliseconds.
    Within(u32),
    /// Piece by piece while the function runs.
    Streamed,
    /// Not at all: the event is handed over and the caller goes on.
    NotAwaited,
}

/// How a polled stream treats failures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamSettings {
    /// Where this mapping is declared.
    pub span: Span,
    /// Where failed batches go.
    pub failure_destination: Setting<PartialText>,
    /// Tries; `Unset` or -1 is until the record expires.
    pub maximum_retries: Setting<i64>,
    /// Seconds after which a record is given up; `Unset` or -1 is never.
    pub maximum_age: Setting<i64>,
    /// Whether a failed batch is split in two.
    pub bisects_on_error: Setting<bool>,
    /// Batches of one shard handled at one time.
    pub parallelization: Setting<u32>,
}

/// Kinds of trigger.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TriggerKind {
    /// REST API route.
    RestApi,
    /// HTTP API route, or the HTTP endpoint of a function elsewhere.
    HttpApi,
    /// WebSocket API route.
    WebSocketApi,
    /// The function's own HTTPS address.
    FunctionUrl,
    /// Load balancer target.
    LoadBalancer,
    /// Content delivery network: a function at the edge.
    Distribution,
    /// GraphQL resolver.
    GraphqlApi,
    /// Gateway by which agents call their tools.
    AgentGateway,
    /// Authorizer of an API.
    Authorizer,
    /// Object events.
    Bucket,
    /// Queue.
    Queue,
    /// Topic.
    Topic,
    /// Change stream of a table.
    TableStream,
    /// Change stream of a document database.
    DocumentStream,
    /// Data stream.
    Stream,
    /// Delivery stream's transformation.
    DeliveryStream,
    /// Managed Kafka.
    Kafka,
    /// Kafka elsewhere.
    SelfManagedKafka,
    /// Message broker (ActiveMQ, RabbitMQ).
    Broker,
    /// Rule on an event bus.
    EventRule,
    /// Schedule.
    Schedule,
    /// Pipe.
    Pipe,
    /// Device messages.
    IotRule,
    /// User pool hook.
    UserPool,
    /// Received mail.
    Mail,
    /// Source repository.
    Repository,
    /// Deployment pipeline.
    Pipeline,
    /// Log subscription.
    LogSubscription,
    /// Alarm.
    Alarm,
    /// Configuration rule.
    ConfigRule,
    /// Step of a state machine.
    StateMachine,
    /// Alexa skill.
    VoiceSkill,
    /// Chat bot.
    ChatBot,
    /// Rotation of a secret.
    SecretRotation,
    /// Custom resource of a stack.
    CustomResource,
    /// Another function, as failure or success destination or by its code.
    Function,
    /// Publish/subscribe topic of another cloud.
    PubSub,
    /// A kind without a name here, in the format's own words.
    Other(String),
}

/// How a trigger hands over events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// The caller waits for the answer and sees the error.
    Synchronous,
    /// The platform retries and then drops the event, unless it has a destination.
    Asynchronous,
    /// Polled from a queue that keeps what failed.
    Queue,
    /// Polled from a stream in order; a bad record blocks its shard.
    Stream,
}

impl TriggerKind {
    /// How this kind hands over events to a function.
    ///
    /// Source: AWS Lambda developer guide, "Invoking Lambda with events from other AWS services".
    pub fn delivery(&self) -> Delivery {
        use TriggerKind as Kind;
        match self {
            Kind::Queue | Kind::Broker => Delivery::Queue,
            Kind::TableStream | Kind::DocumentStream | Kind::Stream => Delivery::Stream,
            Kind::Kafka | Kind::SelfManagedKafka => Delivery::Stream,
            Kind::Bucket | Kind::Topic | Kind::EventRule | Kind::Schedule => Delivery::Asynchronous,
            Kind::IotRule | Kind::Mail | Kind::Repository => Delivery::Asynchronous,
            Kind::Pipeline | Kind::LogSubscription => Delivery::Asynchronous,
            Kind::Alarm | Kind::ConfigRule | Kind::CustomResource => Delivery::Asynchronous,
            Kind::SecretRotation | Kind::PubSub => Delivery::Asynchronous,
            Kind::RestApi | Kind::HttpApi | Kind::WebSocketApi => Delivery::Synchronous,
            Kind::FunctionUrl | Kind::LoadBalancer | Kind::Distribution => Delivery::Synchronous,
            Kind::GraphqlApi | Kind::Authorizer | Kind::UserPool | Kind::AgentGateway => {
                Delivery::Synchronous
            }
            Kind::DeliveryStream | Kind::Pipe | Kind::StateMachine => Delivery::Synchronous,
            Kind::VoiceSkill | Kind::ChatBot | Kind::Function => Delivery::Synchronous,
            Kind::Other(_) => Delivery::Synchronous,
        }
    }

    /// Whether a web application firewall can stand in front of this kind.
    pub fn is_web(&self) -> bool {
        use TriggerKind as Kind;
        matches!(
            self,
            Kind::RestApi
                | Kind::HttpApi
                | Kind::WebSocketApi
                | Kind::FunctionUrl
                | Kind::LoadBalancer
                | Kind::Distribution
                | Kind::GraphqlApi
        )
    }

    /// A word or two for people.
    pub fn as_str(&self) -> &str {
        use TriggerKind as Kind;
        match self {
            Kind::RestApi => "REST API",
            Kind::HttpApi => "HTTP API",
            Kind::WebSocketApi => "WebSocket API",
            Kind::FunctionUrl => "function URL",
            Kind::LoadBalancer => "load balancer",
            Kind::Distribution => "distribution",
            Kind::GraphqlApi => "GraphQL API",
            Kind::AgentGateway => "agent gateway",
            Kind::Authorizer => "authorizer",
            Kind::Bucket => "bucket",
            Kind::Queue => "queue",
            Kind::Topic => "topic",
            Kind::TableStream => "table stream",
            Kind::DocumentStream => "document stream",
            Kind::Stream => "stream",
            Kind::DeliveryStream => "delivery stream",
            Kind::Kafka => "Kafka",
            Kind::SelfManagedKafka => "self-managed Kafka",
            Kind::Broker => "message broker",
            Kind::EventRule => "event rule",
            Kind::Schedule => "schedule",
            Kind::Pipe => "pipe",
            Kind::IotRule => "IoT rule",
            Kind::UserPool => "user pool",
            Kind::Mail => "mail",
            Kind::Repository => "repository",
            Kind::Pipeline => "pipeline",
            Kind::LogSubscription => "log subscription",
            Kind::Alarm => "alarm",
            Kind::ConfigRule => "configuration rule",
            Kind::StateMachine => "state machine",
            Kind::VoiceSkill => "voice skill",
            Kind::ChatBot => "chat bot",
            Kind::SecretRotation => "secret rotation",
            Kind::CustomResource => "custom resource",
            Kind::Function => "function",
            Kind::PubSub => "publish/subscribe topic",
            Kind::Other(kind) => kind,
        }
    }
}
