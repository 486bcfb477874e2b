use iam::{Patterns, Policy, Principals};
use text::{Said, SourceId};

use super::*;
use crate::ResourceKind;
use crate::{Attached, Framework, IdentityKind, Queue, Resource, Secret, Table};

fn at() -> Span {
    Span::file(SourceId(0))
}

fn entity(name: &str) -> Entity {
    Entity {
        cloud: crate::Cloud::Aws,
        id: EntityId::new(name),
        name: name.to_owned(),
        type_name: String::new(),
        said: at(),
        extent: at(),
        construct: None,
        condition: None,
        insertion: None,
        allowances: Vec::new(),
        owner: crate::Owner::Author,
    }
}

fn named(name: &str) -> Setting<PartialText> {
    Setting::known(PartialText::known(name), at())
}

fn patterns(texts: &[PartialText]) -> Patterns {
    let patterns = texts.iter().map(|text| Said::new(text.clone(), at())).collect();
    Patterns { patterns, ..Patterns::default() }
}

fn identity(name: &str, action: &str, resource: PartialText) -> Identity {
    let statement = Statement {
        span: at(),
        sid: None,
        when: None,
        effect: Effect::Allow,
        principals: Principals::Absent,
        actions: patterns(&[PartialText::known(action)]),
        resources: patterns(&[resource]),
        conditions: Vec::new(),
    };
    let policy = Policy { statements: vec![statement], ..Policy::default() };
    Identity {
        entity: entity(name),
        kind: IdentityKind::Role,
        name: Setting::Unset,
        trust: None,
        attached: vec![Attached {
            name: None,
            span: at(),
            origin: AttachedOrigin::Written,
            declared_by: None,
            policy,
        }],
        managed: Vec::new(),
        boundary: Setting::Unset,
    }
}

fn table(name: &str, table_name: Setting<PartialText>) -> Resource {
    let table = Table {
        name: table_name,
        encryption: Setting::Unset,
        recovery: Setting::Unset,
        deletion_protection: Setting::Unset,
        keys: Vec::new(),
        stream: Setting::Unset,
        policies: Vec::new(),
    };
    Resource { entity: entity(name), kind: ResourceKind::Table(Box::new(table)) }
}

fn graph() -> AppGraph {
    let mut graph = AppGraph::new("shop", "", Framework::CloudFormation);
    graph.resources.push(table("Orders", named("orders")));
    graph.resources.push(table("Generated", Setting::Unset));
    let queue = Queue {
        name: named("jobs"),
        encryption: Setting::Unset,
        visibility_timeout: Setting::Unset,
        dead_letters: Setting::Unset,
        maximum_receives: Setting::Unset,
        policies: Vec::new(),
    };
    let kind = ResourceKind::Queue(Box::new(queue));
    graph.resources.push(Resource { entity: entity("Jobs"), kind });
    let secret = Secret {
        name: named("shop/key"),
        rotation: Setting::Unset,
        key: Setting::Unset,
        policies: Vec::new(),
        written_value: Setting::Unset,
        generated_field: Setting::Unset,
    };
    let kind = ResourceKind::Secret(Box::new(secret));
    graph.resources.push(Resource { entity: entity("Key"), kind });
    graph
}

fn check(action: &str, resource: PartialText, expect: &[(&str, Access)]) {
    let graph = graph();
    let shown = resource.to_string();
    let identity = identity("R", action, resource);
    let reach = Targets::new(&graph).reach(&identity);
    let found: Vec<(&str, Access)> =
        reach.iter().map(|(id, (access, _))| (id.as_str(), *access)).collect();
    assert_eq!(found, expect, "{action} on {shown}");
}

#[test]
fn a_statement_reaches_what_it_names_and_no_more() {
    use Access::{Full, Read, Write};
    let known = PartialText::known;
    let every_table = [("Generated", Read), ("Orders", Read)];
    check("dynamodb:GetItem", known("*"), &every_table);
    check("dynamodb:Get*", known("arn:aws:dynamodb:*:*:table/*"), &every_table);
    check(
        "dynamodb:PutItem",
        known("arn:aws:dynamodb:eu-west-1:1:table/orders"),
        &[("Orders", Write)],
    );
    check("dynamodb:*", known("arn:aws:dynamodb:*:*:table/orders/index/*"), &[("Orders", Full)]);
    check("dynamodb:*", known("arn:aws:dynamodb:*:*:table/ord*"), &[("Orders", Full)]);
    check("s3:*", known("*"), &[]);
    check("dynamodb:*", known("arn:aws:sqs:*:*:jobs"), &[]);
    check("sqs:ReceiveMessage", known("arn:aws:sqs:*:*:j?bs"), &[("Jobs", Read)]);
    check(
        "secretsmanager:GetSecretValue",
        known("arn:aws:secretsmanager:*:*:secret:shop/key-??????"),
        &[("Key", Read)],
    );
    let mut index = PartialText::reference(EntityId::new("Generated"), "Arn");
    index.push(Part::Literal("/index/*".into()));
    check("dynamodb:Query", index, &[("Generated", Read)]);
    let all = [("Generated", Full), ("Jobs", Full), ("Key", Full), ("Orders", Full)];
    check("*", known("*"), &all);
    let mut regional = known("arn:");
    regional.push(Part::Pseudo(Pseudo::Partition));
    regional.push(Part::Literal(":sqs:".into()));
    regional.push(Part::Pseudo(Pseudo::Region));
    regional.push(Part::Literal(":*:jobs".into()));
    check("sqs:SendMessage", regional, &[("Jobs", Write)]);
    let mut own = known("arn:aws:dynamodb:*:*:table/");
    own.push(Part::Pseudo(Pseudo::Stack));
    own.push(Part::Literal("-*".into()));
    check("dynamodb:PutItem", own, &[("Generated", Write)]);
}

#[test]
fn an_action_that_hands_out_what_is_public_grants_nothing() {
    let grants = |action: &str| {
        let identity = identity("R", action, PartialText::known("*"));
        let statements = identity.attached.iter().flat_map(|it| &it.policy.statements);
        statements.map(|statement| Granted::new(statement).services.len()).sum::<usize>()
    };
    assert_eq!(grants("cognito-idp:GetSigningCertificate"), 0);
    assert_eq!(grants("cognito-idp:AdminGetUser"), 1);
}

#[test]
fn roles_of_other_clouds_open_their_own_service() {
    let every = PartialText::known("*");
    check("roles/eventarc.eventReceiver", every.clone(), &[]);
    check("roles/pubsub.publisher", every.clone(), &[]);
    check("roles/secretmanager.secretAccessor", every.clone(), &[("Key", Access::Read)]);
    check(
        "roles/datastore.user",
        PartialText::reference(EntityId::new("Orders"), "id"),
        &[("Orders", Access::Full)],
    );
    let all = [
        ("Generated", Access::Read),
        ("Jobs", Access::Read),
        ("Key", Access::Read),
        ("Orders", Access::Read),
    ];
    check("roles/viewer", every, &all);
}

#[test]
fn managed_policies_reach_whole_services() {
    use crate::ManagedPolicy;
    let graph = graph();
    for (origin, expect) in [
        (AttachedOrigin::Written, vec![("Jobs", Access::Full)]),
        (AttachedOrigin::Generated, vec![]),
    ] {
        let mut arn = PartialText::known("arn:");
        arn.push(Part::Pseudo(Pseudo::Partition));
        arn.push(Part::Literal(":iam::aws:policy/AmazonSQSFullAccess".into()));
        let mut role = identity("R", "logs:PutLogEvents", PartialText::known("*"));
        role.managed.push(ManagedPolicy { arn: Said::new(arn, at()), when: None, origin });
        let reach = Targets::new(&graph).reach(&role);
        let found: Vec<(&str, Access)> =
            reach.iter().map(|(id, (access, _))| (id.as_str(), *access)).collect();
        assert_eq!(found, expect);
    }
}

#[test]
fn thousands_of_wide_roles_end_in_bounded_edges() {
    let mut graph = graph();
    for number in 0..2_000 {
        graph.resources.push(table(&format!("T{number}"), Setting::Unset));
        let role = identity(&format!("R{number}"), "*", PartialText::known("*"));
        graph.identities.push(role);
    }
    let edges = graph.edges();
    assert!(edges.len() <= MOST_CANDIDATES + 2_000);
    assert!(edges.iter().any(|edge| edge.from == crate::Node::Entity(EntityId::new("R1999"))));
}
