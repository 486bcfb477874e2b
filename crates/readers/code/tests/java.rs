use crate::check_archive;

fn check(handler: &str, archive: &str, expect: &str) {
    check_archive("java21", handler, archive, expect);
}

#[test]
fn requests_are_built_in_many_ways() {
    check(
        "app.Handler::handleRequest",
        r#"
-- src/main/java/app/Handler.java --
package app;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.*;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.regions.Region;
import java.util.Map;

public class Handler implements RequestHandler<Map<String, String>, String> {
    private static final String TABLE = System.getenv("TABLE");
    private final S3Client s3 = S3Client.builder().region(Region.US_EAST_1).build();
    private DynamoDbClient db;

    public Handler() { this(DynamoDbClient.create()); }
    Handler(DynamoDbClient db) { this.db = db; }

    @Override
    public String handleRequest(Map<String, String> event, Context context) {
        GetObjectRequest request = GetObjectRequest.builder().bucket(System.getenv("BUCKET")).key(event.get("key")).build();
        s3.getObject(request);
        s3.headObject(r -> r.bucket("b").key("k"));
        db.putItem(r -> r.tableName(TABLE).item(Map.of()));
        s3.listObjectsV2Paginator(ListObjectsV2Request.builder().bucket(name("logs")).build());
        return new Store(db).load("1");
    }

    private static String name(String what) { return String.format("%s-%s", what, TABLE); }
    private void unused() { s3.deleteBucket(b -> b.bucket("x")); }
}
-- src/main/java/app/Store.java --
package app;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class Store {
    private final DynamoDbClient client;
    Store(DynamoDbClient client) { this.client = client; }
    String load(String id) {
        return client.getItem(b -> b.tableName("orders")).item().toString();
    }
}
"#,
        "
        s3.GetObject(Bucket=${Uploads}, Key=?, casemate:Region=us-east-1)
        s3.HeadObject(Bucket=b, Key=k, casemate:Region=us-east-1)
        dynamodb.PutItem(TableName=${Orders}, Item={})
        s3.ListObjectsV2(Bucket=logs-${Orders}, casemate:Region=us-east-1)
        dynamodb.GetItem(TableName=orders)
        ",
    );
}

#[test]
fn version_1_takes_members_by_position() {
    check(
        "app.Handler",
        r#"
-- src/main/java/app/Handler.java --
package app;

import com.amazonaws.services.lambda.runtime.*;
import com.amazonaws.services.s3.*;
import com.amazonaws.services.s3.model.*;
import com.amazonaws.services.sqs.AmazonSQS;
import com.amazonaws.services.sqs.AmazonSQSClientBuilder;
import com.amazonaws.services.sqs.model.SendMessageRequest;
import com.amazonaws.services.dynamodbv2.document.*;
import com.amazonaws.services.dynamodbv2.datamodeling.*;
import com.amazonaws.services.dynamodbv2.AmazonDynamoDBClientBuilder;

public class Handler extends Base implements RequestStreamHandler {
    private AmazonS3 s3 = AmazonS3ClientBuilder.standard().withRegion("eu-west-1").build();

    public void handleRequest(InputStream in, OutputStream out, Context context) {
        s3.getObject("b", "k");
        s3.getObject(new GetObjectRequest("c", "l"));
        s3.copyObject("from", "a", "to", "b");
        queue.sendMessage(new SendMessageRequest().withQueueUrl("url").withMessageBody("hi"));
        DynamoDB db = new DynamoDB(AmazonDynamoDBClientBuilder.defaultClient());
        Table table = db.getTable(System.getenv("TABLE"));
        table.putItem(new Item());
        new DynamoDBMapper(client()).load(Order.class, "1");
    }
}
-- src/main/java/app/Base.java --
package app;

import com.amazonaws.services.sqs.*;

abstract class Base {
    protected final AmazonSQS queue = AmazonSQSClientBuilder.defaultClient();
    protected Object client() { return null; }
}
-- src/main/java/app/Order.java --
package app;

import com.amazonaws.services.dynamodbv2.datamodeling.*;

@DynamoDBTable(tableName = "orders")
class Order {}
"#,
        "
        s3.GetObject(Bucket=b, Key=k, casemate:Region=eu-west-1)
        s3.GetObject(Bucket=c, Key=l, casemate:Region=eu-west-1)
        s3.CopyObject(CopySource=from/a, Bucket=to, Key=b)
        sqs.SendMessage(QueueUrl=url, MessageBody=hi)
        dynamodb.PutItem(TableName=${Orders})
        dynamodb.GetItem(TableName=orders)
        ",
    );
}

#[test]
fn what_stands_on_the_sdk_is_known() {
    check(
        "app.Handler::handle",
        r#"
-- src/main/java/app/Handler.java --
package app;

import software.amazon.awssdk.enhanced.dynamodb.*;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.GetObjectPresignRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.transfer.s3.S3TransferManager;
import software.amazon.lambda.powertools.parameters.ParamManager;
import software.amazon.lambda.powertools.parameters.SSMProvider;

public class Handler {
    static final DynamoDbEnhancedClient CLIENT = DynamoDbEnhancedClient.create();
    private final DynamoDbTable<Order> orders = CLIENT.table("orders", TableSchema.fromBean(Order.class));

    public void handle(String event) {
        orders.updateItem(new Order());
        orders.index("by-day").query(q -> q.limit(1));
        CLIENT.batchWriteItem(b -> b.addWriteBatch(WriteBatch.builder(Order.class).mappedTableResource(orders).build()));
        S3Presigner presigner = S3Presigner.create();
        presigner.presignGetObject(GetObjectPresignRequest.builder()
            .getObjectRequest(GetObjectRequest.builder().bucket("b").key("k").build()).build());
        S3AsyncClient s3 = S3AsyncClient.crtBuilder().build();
        s3.waiter().waitUntilObjectExists(r -> r.bucket("w").key("k"));
        S3TransferManager.create().uploadFile(u -> u.putObjectRequest(p -> p.bucket("u").key("k")).source(null));
        SSMProvider parameters = ParamManager.getSsmProvider();
        parameters.withMaxAge(1, null).get("/app/name");
    }
}
-- src/main/java/app/Order.java --
package app;
class Order {}
"#,
        "
        dynamodb.UpdateItem(TableName=orders)
        dynamodb.Query(TableName=orders, IndexName=by-day)
        dynamodb.BatchWriteItem(RequestItems={orders: ?})
        s3.GetObject(Bucket=b, Key=k)
        s3.HeadObject(Bucket=w, Key=k)
        s3.PutObject(Bucket=u, Key=k)
        ssm.GetParameter(Name=/app/name)
        ",
    );
}

#[test]
fn classes_within_classes_see_what_is_around_them() {
    check(
        "app.Handler::handle",
        r#"
-- src/main/java/app/Handler.java --
package app;

import software.amazon.awssdk.services.sns.SnsClient;

public class Handler {
    private final SnsClient sns = SnsClient.create();
    private static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:topic";

    enum Kind { A("a"), B("b"); final String text; Kind(String text) { this.text = text; } String text() { return text; } }

    interface Sender { void send(String text); }

    public void handle(String event) {
        Sender sender = new Sender() {
            @Override public void send(String text) { sns.publish(r -> r.topicArn(TOPIC).message(text)); }
        };
        sender.send(Kind.B.text());
        run(1);
        run("two", () -> sns.listTopics());
    }

    private void run(int times) { sns.listTopics(r -> r.nextToken("one")); }
    private void run(String name, Runnable runs) { runs.run(); }
}
"#,
        "
        sns.Publish(TopicArn=arn:aws:sns:eu-west-1:123456789012:topic, Message=b)
        sns.ListTopics(NextToken=one)
        sns.ListTopics()
        ",
    );
}

#[test]
fn hosts_programs_and_files_are_told() {
    check(
        "app.Handler::handle",
        r#"
-- src/main/java/app/Handler.java --
package app;

import java.io.FileWriter;
import java.net.URI;
import java.net.http.*;

public class Handler {
    public void handle(String event) throws Exception {
        HttpRequest request = HttpRequest.newBuilder().uri(URI.create("https://api.example.com/v1")).build();
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        new ProcessBuilder("/opt/bin/tool", "-v").inheritIO().start();
        Runtime.getRuntime().exec("ls -l");
        new FileWriter("/tmp/out").write("x");
    }
}
"#,
        "
        host api.example.com
        process /opt/bin/tool -v
        process ls -l
        writes /tmp/out
        ",
    );
}

#[test]
fn a_framework_calls_what_is_annotated() {
    check(
        "app.StreamHandler",
        r#"
-- src/main/java/app/StreamHandler.java --
package app;

import com.amazonaws.serverless.proxy.spring.SpringBootLambdaContainerHandler;
import com.amazonaws.services.lambda.runtime.*;

public class StreamHandler implements RequestStreamHandler {
    private static final Object handler = SpringBootLambdaContainerHandler.getAwsProxyHandler(App.class);

    public void handleRequest(InputStream in, OutputStream out, Context context) { handler.proxyStream(in, out, context); }
}
-- src/main/java/app/App.java --
package app;
@SpringBootApplication
class App {}
-- src/main/java/app/web/Orders.java --
package app.web;

import app.Store;
import org.springframework.web.bind.annotation.*;

@RestController
class Orders {
    private final Store store;
    Orders(Store store) { this.store = store; }

    @GetMapping("/orders/{id}")
    public String order(@PathVariable String id) { return store.find(id); }

    public void unused() { store.drop(); }
}
-- src/main/java/app/Store.java --
package app;
public interface Store { String find(String id); void drop(); }
-- src/main/java/app/TableStore.java --
package app;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@Repository
class TableStore implements Store {
    private final DynamoDbClient client = DynamoDbClient.create();
    public String find(String id) { return client.getItem(g -> g.tableName(System.getenv("TABLE"))).toString(); }
    public void drop() { client.deleteTable(d -> d.tableName("x")); }
}
"#,
        "dynamodb.GetItem(TableName=${Orders})",
    );
}

#[test]
fn what_is_not_known_of_the_sdk_is_said() {
    check(
        "app.Handler::handle",
        r#"
-- src/main/java/app/Handler.java --
package app;

import com.amazonaws.secretsmanager.caching.SecretCache;
import com.amazonaws.services.dynamodbv2.AmazonDynamoDBLockClient;
import com.amazonaws.kinesis.producer.KinesisProducer;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.brandnew.BrandNewClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

public class Handler {
    public void handle(String event) {
        BrandNewClient.create().doThings(r -> r.name("x"));
        S3Client s3 = S3Client.create();
        s3.brandNewOperation(r -> r.bucket("b"));
        new KinesisProducer().addUserRecord("stream", "key", null);
        new SecretCache().getSecretString("app/secret");
        StsAssumeRoleCredentialsProvider.builder().refreshRequest(r -> r.roleArn("arn:aws:iam::123456789012:role/other")).build();
        inject.getItem("a");
    }
}
"#,
        "
        secretsmanager.DescribeSecret(SecretId=app/secret)
        secretsmanager.GetSecretValue(SecretId=app/secret)
        sts.AssumeRole(RoleArn=arn:aws:iam::123456789012:role/other)
        unresolved 13: BrandNewClient.create(): the API of `BrandNewClient` is not known
        unresolved 15: s3.brandNewOperation(r -> r.bucket(\"b\")): `brandNewOperation` is no operation of `s3` that is known
        unresolved 16: new KinesisProducer(): package `com.amazonaws.kinesis.producer` is not in the project
        unresolved 19: inject.getItem(\"a\"): the receiver is not known: `inject` is not declared in the code at hand
        ",
    );
}

#[test]
fn a_framework_as_the_handler_calls_the_parts_it_finds() {
    check(
        "org.springframework.cloud.function.adapter.aws.FunctionInvoker",
        r#"
-- src/main/java/app/Publish.java --
package app;

import java.util.function.Function;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.sns.SnsClient;

@Component
class Publish implements Function<String, String> {
    private final SnsClient sns = SnsClient.create();
    public String apply(String text) { sns.publish(p -> p.topicArn("t").message(text)); return text; }
    public void unused() { sns.listTopics(); }
}
-- src/main/java/app/Application.java --
package app;

import java.util.function.Consumer;

@SpringBootApplication
class Application {
    @Bean Consumer<String> drain(software.amazon.awssdk.services.sqs.SqsClient sqs) {
        return text -> sqs.purgeQueue(p -> p.queueUrl("q"));
    }
}
"#,
        "
        sqs.PurgeQueue(QueueUrl=q)
        sns.Publish(TopicArn=t, Message=?)
        ",
    );
}

#[test]
fn a_class_that_holds_one_of_its_own_ends() {
    check(
        "app.Handler::handle",
        r#"
-- src/main/java/app/Handler.java --
package app;

public class Handler {
    private Handler next = new Handler();
    private Handler other = (Handler) unknown;
    public void handle(String event) { next.next.handle(event); }
}
"#,
        "",
    );
}

#[test]
fn one_entry_stands_for_a_list_of_them() {
    check(
        "app.Handler::handle",
        r#"
-- src/main/java/app/Handler.java --
package app;

import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.*;

public class Handler {
    public void handle(String event) {
        PutEventsRequestEntry entry = PutEventsRequestEntry.builder().eventBusName("orders").build();
        EventBridgeClient.create().putEvents(PutEventsRequest.builder().entries(entry).build());
    }
}
"#,
        "events.PutEvents(Entries=[{eventBusName: orders}])",
    );
}

#[test]
fn fields_are_set_without_naming_this() {
    check(
        "app.Handler::handle",
        r#"
-- src/main/java/app/Handler.java --
package app;

import software.amazon.awssdk.services.sns.SnsClient;

public class Handler extends Base {
    private static SnsClient sns = null;
    private static String first;
    private String second;
    static { sns = SnsClient.create(); first = "one"; }
    public Handler() { second = "two"; third = "three"; }
    public void handle(String event) {
        sns.publish(p -> p.topicArn(first));
        sns.publish(p -> p.topicArn(second));
        sns.publish(p -> p.topicArn(third));
    }
}
-- src/main/java/app/Base.java --
package app;
class Base { protected String third; }
"#,
        "
        sns.Publish(TopicArn=one)
        sns.Publish(TopicArn=two)
        sns.Publish(TopicArn=three)
        ",
    );
}

#[test]
fn the_address_of_a_client_goes_with_its_calls() {
    check(
        "app.Handler::handle",
        r#"
-- src/main/java/app/Handler.java --
package app;

import java.net.URI;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;

public class Handler {
    public void handle(String event) {
        ApiGatewayManagementApiClient api = ApiGatewayManagementApiClient.builder()
            .endpointOverride(URI.create("https://api/live")).build();
        api.postToConnection(p -> p.connectionId("a"));
    }
}
"#,
        "
        apigatewaymanagementapi.PostToConnection(ConnectionId=a, casemate:Endpoint=https://api/live)
        ",
    );
}

#[test]
fn tokens_for_databases_are_signed() {
    check(
        "app.Handler::handleRequest",
        r#"
-- src/main/java/app/Handler.java --
package app;

import software.amazon.awssdk.services.rds.RdsUtilities;
import software.amazon.awssdk.services.rds.model.GenerateAuthenticationTokenRequest;

public class Handler {
    public String handleRequest(String event) {
        RdsUtilities utilities = RdsUtilities.builder().build();
        return utilities.generateAuthenticationToken(
            GenerateAuthenticationTokenRequest.builder().hostname("h").username("report").build());
    }
}
"#,
        "rds.GenerateDBAuthToken(DBUsername=report)",
    );
}
