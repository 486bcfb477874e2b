use insta::assert_snapshot;

use crate::sample::fixed;

const TABLE: &str = r#"
data "aws_caller_identity" "me" {}

resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}

resource "aws_lambda_function" "read" {
  function_name = "read"
  role          = aws_iam_role.app.arn # shared?
  runtime       = "python3.13"
}
"#;

const ROLE: &str = r#"
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
"#;

const READ: (&str, &[(&str, &str)]) = (
    "aws_lambda_function.read",
    &[
        (
            "dynamodb:GetItem dynamodb:Query",
            "{aws_dynamodb_table.orders.Arn} {aws_dynamodb_table.orders.Arn}/index/*",
        ),
        ("ssm:GetParameter", "arn:{partition}:ssm:{region}:{account}:parameter/app/*"),
    ],
);

#[test]
fn a_policy_of_the_role_is_rewritten() {
    let policy = r#"
resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.id
  # too wide
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = ["dynamodb:*", "ssm:*"], Resource = "*" }]
  })
}

resource "aws_iam_role_policy_attachment" "all" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
}

output "end" {
  value = 1
}
"#;
    assert_snapshot!(fixed(&[("main.tf", &format!("{TABLE}{ROLE}{policy}"))], &[READ]));
}

#[test]
fn a_document_of_the_policy_is_rewritten() {
    let policy = r#"
data "aws_iam_policy_document" "app" {
  statement {
    actions   = ["dynamodb:*", "ssm:Get*"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "app" {
  policy = data.aws_iam_policy_document.app.json
}

resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.app.arn
}
"#;
    assert_snapshot!(fixed(&[("main.tf", &format!("{TABLE}{ROLE}{policy}"))], &[READ]));
}

#[test]
fn a_shared_role_is_split() {
    let other = r#"
resource "aws_lambda_function" "write" {
  function_name = "write"
  role          = aws_iam_role.app.arn
}

resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
"#;
    assert_snapshot!(fixed(&[("main.tf", &format!("{TABLE}{ROLE}{other}"))], &[READ]));
}
