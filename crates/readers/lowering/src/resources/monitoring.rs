use app_graph::{Alarm, AppGraph, Resource, ResourceKind, Trail};
use text::{EntityId, Setting};

use crate::entity;
use documents::declaration::Declaration;
use documents::value::Value;

/// Source: `AWS::CloudWatch::Alarm`: one metric of its own, or the first of a list.
pub(super) fn alarm(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    let first = metrics(properties).into_iter().next();
    let metric = first.as_ref().map_or(properties, |(_, metric)| metric);
    ResourceKind::Alarm(Box::new(alarm_on(metric)))
}

/// Adds one more alarm for each further metric of a list.
pub(super) fn further_metrics(declaration: &Declaration, graph: &mut AppGraph) {
    for (index, (id, metric)) in metrics(&declaration.properties).iter().enumerate().skip(1) {
        let mut entity = entity(declaration);
        let part = if id.is_empty() { index.to_string() } else { id.clone() };
        entity.id = EntityId::new(format!("{}/{part}", declaration.id));
        graph
            .resources
            .push(Resource { entity, kind: ResourceKind::Alarm(Box::new(alarm_on(metric))) });
    }
}

/// The metrics that an alarm lists, each with its id; expressions over them are left out.
fn metrics(properties: &Value) -> Vec<(String, &Value)> {
    let listed = properties.list_at(&["Metrics"]);
    let mut metrics = Vec::new();
    for query in &listed {
        let id = query.value.get("Id").and_then(Value::as_str).unwrap_or_default();
        for metric in query.value.at(&["MetricStat", "Metric"]) {
            let taken = metrics.iter().any(|(other, _)| other == id);
            metrics.push((if taken { String::new() } else { id.to_owned() }, metric.value));
        }
    }
    metrics
}

fn alarm_on(metric: &Value) -> Alarm {
    let dimensions = metric.list_at(&["Dimensions"]);
    let dimensions = dimensions.iter().map(|dimension| {
        let name = dimension.value.get("Name").and_then(Value::as_str).unwrap_or_default();
        (name.to_owned(), dimension.value.text_at(&["Value"]))
    });
    Alarm {
        namespace: metric.text_at(&["Namespace"]),
        metric: metric.text_at(&["MetricName"]),
        dimensions: dimensions.collect(),
    }
}

/// Whether a trail records management events, as it does where no selector says otherwise.
///
/// Source: `AWS::CloudTrail::Trail EventSelector`, `AdvancedFieldSelector`.
fn records_management(properties: &Value) -> bool {
    let plain = properties.list_at(&["EventSelectors"]);
    let advanced = properties.list_at(&["AdvancedEventSelectors"]);
    let in_plain = |selector: &Value| {
        let included = selector.bool_at(&["IncludeManagementEvents"]);
        included.is_unset() || included.unknown().is_some() || included.any(|included| *included)
    };
    let in_advanced = |selector: &Value| {
        let fields = selector.list_at(&["FieldSelectors"]);
        fields
            .iter()
            .flat_map(|field| field.value.list_at(&["Equals"]))
            .any(|value| value.value.as_str().is_none_or(|category| category == "Management"))
    };
    plain.is_empty() && advanced.is_empty()
        || plain.iter().any(|selector| in_plain(selector.value))
        || advanced.iter().any(|selector| in_advanced(selector.value))
}

/// Source: `AWS::CloudTrail::Trail`.
pub(super) fn trail(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    let switch = |property: &str| -> Setting<bool> { properties.bool_at(&[property]) };
    ResourceKind::Trail(Box::new(Trail {
        logging: switch("IsLogging"),
        management_events: records_management(properties),
        all_regions: switch("IsMultiRegionTrail"),
        global_services: switch("IncludeGlobalServiceEvents"),
        validation: switch("EnableLogFileValidation"),
        key: properties.text_at(&["KMSKeyId"]),
        log_group: properties.text_at(&["CloudWatchLogsLogGroupArn"]),
    }))
}
