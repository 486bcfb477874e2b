package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

public class Handler implements RequestHandler<Map<String, String>, String> {
    private static final S3Client S3 = S3Client.create();
    private final String bucket = System.getenv("BUCKET");

    @Override
    public String handleRequest(Map<String, String> event, Context context) {
        for (String part : List.of("a", "b")) {
            try {
                S3.putObject(PutObjectRequest.builder().bucket(bucket).key(event.get("key") + part).build(), (java.nio.file.Path) null);
            } catch (RuntimeException error) {
                throw new IllegalStateException("not stored", error);
            }
        }
        return switch (event.size()) { case 0 -> "none"; default -> "some"; };
    }
}
