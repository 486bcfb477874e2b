use crate::check_archive;

fn check(archive: &str, expect: &str) {
    check_archive("provided.al2023", "bootstrap", archive, expect);
}

#[test]
fn a_client_made_in_main_is_used_by_the_handler() {
    check(
        r#"
-- main.go --
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

var table = os.Getenv("TABLE")

type handler struct {
	db *dynamodb.Client
	s3 *s3.Client
}

func (h *handler) handle(ctx context.Context, event events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	_, err := h.db.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &table,
		Item: map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: event.Body}},
	})
	if err != nil {
		return events.APIGatewayProxyResponse{}, err
	}
	pages := s3.NewListObjectsV2Paginator(h.s3, &s3.ListObjectsV2Input{Bucket: aws.String(os.Getenv("BUCKET"))})
	for pages.HasMorePages() {
		if _, err := pages.NextPage(ctx); err != nil {
			return events.APIGatewayProxyResponse{}, err
		}
	}
	return events.APIGatewayProxyResponse{StatusCode: 200}, nil
}

func unused(db *dynamodb.Client) { db.DeleteTable(nil, &dynamodb.DeleteTableInput{TableName: &table}) }

func main() {
	cfg, err := config.LoadDefaultConfig(context.TODO())
	if err != nil {
		panic(err)
	}
	h := &handler{db: dynamodb.NewFromConfig(cfg), s3: s3.NewFromConfig(cfg)}
	lambda.Start(h.handle)
}
"#,
        "
        dynamodb.PutItem(TableName=${Orders}, Item={id: {Value: ?}})
        s3.ListObjectsV2(Bucket=${Uploads})
        ",
    );
}

#[test]
fn version_1_has_other_ways_to_call() {
    check(
        r#"
-- main.go --
package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/dynamodb"
	"github.com/aws/aws-sdk-go/service/dynamodb/dynamodbiface"
	"github.com/aws/aws-sdk-go/service/s3"
	"github.com/aws/aws-sdk-go/service/s3/s3manager"
)

type store struct{ dynamodbiface.DynamoDBAPI }

func newStore() store { return store{db} }

var db = dynamodb.New(sess)
var sess = session.Must(session.NewSession())

func Handle() (string, error) {
	s := newStore()
	s.QueryPages(&dynamodb.QueryInput{TableName: aws.String("orders")}, func(page *dynamodb.QueryOutput, last bool) bool {
		input := &dynamodb.DeleteItemInput{}
		input.SetTableName(os.Getenv("TABLE"))
		db.DeleteItemWithContext(aws.BackgroundContext(), input)
		return true
	})
	request, _ := s3.New(sess).GetObjectRequest(&s3.GetObjectInput{Bucket: aws.String("b"), Key: aws.String("k")})
	uploader := s3manager.NewUploader(sess)
	uploader.Upload(&s3manager.UploadInput{Bucket: aws.String(fmt.Sprintf("%s-%d", "up", 3))})
	return request.Presign(3)
}

func main() { lambda.Start(Handle) }
"#,
        "
        dynamodb.Query(TableName=orders)
        dynamodb.DeleteItem(TableName=${Orders})
        s3.GetObject(Bucket=b, Key=k)
        s3.PutObject(Bucket=up-3)
        ",
    );
}

#[test]
fn packages_of_the_module_are_followed() {
    check(
        r#"
-- go.mod --
module example.org/orders

go 1.22
-- cmd/api/main.go --
package main

import (
	"github.com/aws/aws-lambda-go/lambda"
	"example.org/orders/internal/store"
)

func main() {
	s, err := store.New("orders")
	if err != nil { return }
	lambda.Start(func() error { return save(s) })
}

type saver interface { Save(id string) error }

func save(s saver) error { return s.Save("1") }
-- internal/store/store.go --
package store

func New(name string) (*Store, error) { return &Store{client: newClient(), name: name}, nil }

func (s *Store) Save(id string) error {
	_, err := s.client.SendMessage(context.TODO(), &sqs.SendMessageInput{QueueUrl: &s.name, MessageBody: &id})
	return err
}
-- internal/store/types.go --
package store

import (
	"context"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

type Store struct {
	client *sqs.Client
	name   string
}

func newClient() *sqs.Client { return sqs.New(sqs.Options{}) }
"#,
        "sqs.SendMessage(QueueUrl=orders, MessageBody=1)",
    );
}

#[test]
fn what_is_declared_stands_in_for_what_is_not_known() {
    check(
        r#"
-- main.go --
package main

import (
	"context"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"example.org/not/here"
)

type deps struct{ client *sns.Client }

func (d *deps) handle(ctx context.Context) { d.client.Publish(ctx, here.Message()) }

func main() { lambda.Start((&deps{client: here.Client()}).handle) }
"#,
        "
        sns.Publish(…)
        unresolved 14: here.Client(): package `example.org/not/here` is not in the project
        ",
    );
}

#[test]
fn an_interface_is_what_implements_it_or_what_its_types_say() {
    check(
        r#"
-- main.go --
package main

import (
	"context"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

type Queue interface { Push(ctx context.Context, body string) }

type Table interface {
	GetItem(ctx context.Context, input *dynamodb.GetItemInput, options ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
}

type Cache interface { GetObject(key string) }

type sqsQueue struct{ client *sqs.Client }

func (q *sqsQueue) Push(ctx context.Context, body string) {
	q.client.SendMessage(ctx, &sqs.SendMessageInput{MessageBody: &body})
}

func handle(ctx context.Context, queue Queue, table Table, cache Cache) {
	queue.Push(ctx, "hello")
	table.GetItem(ctx, &dynamodb.GetItemInput{TableName: &name})
	cache.GetObject("a")
}

const name = "orders"

func main() { lambda.Start(handle) }
"#,
        "
        sqs.SendMessage(MessageBody=hello)
        dynamodb.GetItem(TableName=orders)
        unresolved 27: cache.GetObject(\"a\"): `Cache` has no implementation of `GetObject` that is known
        ",
    );
}

#[test]
fn the_build_says_which_file_is_the_program() {
    let archive = r#"
-- Makefile --
build:
	env GOOS=linux go build -ldflags="-s -w" -o bin/createOrder orders/create.go
-- orders/create.go --
package main

import "github.com/aws/aws-lambda-go/lambda"
import "github.com/aws/aws-sdk-go-v2/service/sns"

func main() { lambda.Start(func() { sns.New(sns.Options{}).ListTopics(nil, nil) }) }
-- orders/delete.go --
package main

func main() {}
"#;
    check_archive("go1.x", "bin/createOrder", archive, "sns.ListTopics()");
    check_archive("go1.x", "bin/delete", archive, "");
    check_archive(
        "go1.x",
        "bin/other",
        archive,
        "not read: which of 2 Go programs in `orders` is built is not known",
    );
}

#[test]
fn hosts_programs_and_files_are_told() {
    check(
        r#"
-- main.go --
package main

import (
	"net/http"
	"os"
	"os/exec"
	"github.com/aws/aws-lambda-go/lambda"
)

func handle() {
	http.Get("https://api.example.com/v1")
	exec.Command("/opt/bin/tool", "-v").Run()
	os.WriteFile("/tmp/out", nil, 0o600)
}

func main() { lambda.Start(handle) }
"#,
        "
        host api.example.com
        process /opt/bin/tool -v
        writes /tmp/out
        ",
    );
}

#[test]
fn a_text_that_is_not_set_yet_names_nothing() {
    check(
        r#"
-- main.go --
package main

import (
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

func handle(late bool) {
	topic := ""
	if late {
		topic = "arn:aws:sns:eu-west-1:123456789012:late"
	}
	sns.New(sns.Options{}).Publish(nil, &sns.PublishInput{TopicArn: &topic})
}

func main() { lambda.Start(handle) }
"#,
        "sns.Publish(TopicArn=arn:aws:sns:eu-west-1:123456789012:late)",
    );
}

#[test]
fn the_address_of_a_client_goes_with_its_calls() {
    check(
        r#"
-- main.go --
package main

import (
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	old "github.com/aws/aws-sdk-go/service/apigatewaymanagementapi"
	oldaws "github.com/aws/aws-sdk-go/aws"
)

func handle() {
	client := apigatewaymanagementapi.NewFromConfig(aws.Config{}, func(options *apigatewaymanagementapi.Options) {
		options.BaseEndpoint = aws.String("https://new")
	})
	client.PostToConnection(nil, &apigatewaymanagementapi.PostToConnectionInput{ConnectionId: aws.String("a")})
	before := old.New(nil, &oldaws.Config{Endpoint: oldaws.String("https://old")})
	before.PostToConnection(&old.PostToConnectionInput{ConnectionId: oldaws.String("b")})
}

func main() { lambda.Start(handle) }
"#,
        "
        apigatewaymanagementapi.PostToConnection(ConnectionId=a, casemate:Endpoint=https://new)
        apigatewaymanagementapi.PostToConnection(ConnectionId=b, casemate:Endpoint=https://old)
        ",
    );
}

#[test]
fn clients_are_told_a_region() {
    check(
        r#"
-- main.go --
package main

import (
	"context"
	"os"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

func handle(ctx context.Context) {
	input := &sns.PublishInput{TopicArn: aws.String("t")}
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion("us-east-1"))
	if err != nil { panic(err) }
	sns.NewFromConfig(cfg).Publish(ctx, input)
	cfg, _ = config.LoadDefaultConfig(ctx, config.WithRegion(os.Getenv("AWS_REGION")))
	sns.NewFromConfig(cfg).Publish(ctx, input)
	plain, _ := config.LoadDefaultConfig(ctx)
	sns.NewFromConfig(plain).Publish(ctx, input)
	sns.NewFromConfig(plain, func(o *sns.Options) { o.Region = "eu-west-1" }).Publish(ctx, input)
}

func main() { lambda.Start(handle) }
"#,
        "
        sns.Publish(TopicArn=t, casemate:Region=us-east-1)
        sns.Publish(TopicArn=t, casemate:Region=${AWS::Region})
        sns.Publish(TopicArn=t)
        sns.Publish(TopicArn=t, casemate:Region=eu-west-1)
        ",
    );
}

#[test]
fn tokens_for_databases_are_signed() {
    check(
        r#"
-- main.go --
package main

import (
	"context"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/feature/dsql/auth"
	rds "github.com/aws/aws-sdk-go-v2/feature/rds/auth"
)

func handle(ctx context.Context) {
	rds.BuildAuthToken(ctx, "host:3306", "eu-west-1", "report", nil)
	auth.GenerateDbConnectAuthToken(ctx, "host", "eu-west-1", nil)
}

func main() { lambda.Start(handle) }
"#,
        "
        rds.GenerateDBAuthToken(DBUsername=report)
        dsql.GenerateDbConnectAuthToken()
        ",
    );
}
