package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

type store struct{ client *s3.Client }

func (s store) save(ctx context.Context, key string) error {
	for _, part := range []string{"a", "b"} {
		defer func() { recover() }()
		if _, err := s.client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(os.Getenv("BUCKET")), Key: aws.String(key + part)}); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	cfg, _ := config.LoadDefaultConfig(context.TODO())
	s := store{client: s3.NewFromConfig(cfg)}
	lambda.Start(func(ctx context.Context, event map[string]string) error { return s.save(ctx, event["key"]) })
}
