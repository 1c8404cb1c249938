//! Templates of any size, for measuring.

use std::fmt::Write as _;

/// A CloudFormation template of functions, each with a role of its own, a permission, and, every third one, a URL.
pub fn cloudformation(functions: usize) -> String {
    let mut text = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n".to_owned();
    for n in 0..functions {
        let _ = write!(
            text,
            "  Role{n}:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        \
             Statement:\n          - Effect: Allow\n            Principal: {{Service: lambda.amazonaws.com}}\n            Action: sts:AssumeRole\n      \
             Policies:\n        - PolicyName: inline\n          PolicyDocument:\n            Version: '2012-10-17'\n            Statement:\n              \
             - Effect: Allow\n                Action: [dynamodb:GetItem, dynamodb:PutItem]\n                \
             Resource: !Sub 'arn:${{AWS::Partition}}:dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:table/t{n}'\n  \
             Fn{n}:\n    Type: AWS::Lambda::Function\n    Properties:\n      FunctionName: fn-{n}\n      Runtime: python3.13\n      \
             Handler: app.handler\n      MemorySize: 256\n      Timeout: 30\n      Role: !GetAtt Role{n}.Arn\n      \
             Code: {{S3Bucket: artifacts, S3Key: fn-{n}.zip}}\n      Environment:\n        Variables: {{TABLE: t{n}, LEVEL: INFO}}\n  \
             Permission{n}:\n    Type: AWS::Lambda::Permission\n    Properties:\n      FunctionName: !Ref Fn{n}\n      \
             Action: lambda:InvokeFunction\n      Principal: s3.amazonaws.com\n      SourceArn: arn:aws:s3:::bucket-{n}\n      \
             SourceAccount: !Ref AWS::AccountId\n"
        );
        if n % 3 == 0 {
            let _ = write!(
                text,
                "  Url{n}:\n    Type: AWS::Lambda::Url\n    Properties: {{TargetFunctionArn: !GetAtt Fn{n}.Arn, AuthType: NONE}}\n"
            );
        }
    }
    text
}

/// A SAM template of functions with policy templates, and an event each: a route, a queue or a schedule in turn.
pub fn sam(functions: usize) -> String {
    let mut text = "Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function: {Runtime: python3.13, Handler: app.handler, Timeout: 30}\n\
         Resources:\n  Queue: {Type: AWS::SQS::Queue}\n"
        .to_owned();
    for n in 0..functions {
        let event = match n % 3 {
            0 => format!("Type: Api, Properties: {{Path: /orders/{n}, Method: get}}"),
            1 => "Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}".to_owned(),
            _ => "Type: Schedule, Properties: {Schedule: rate(1 hour)}".to_owned(),
        };
        let _ = write!(
            text,
            "  Fn{n}:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: s3://artifacts/fn-{n}.zip\n      \
             Policies:\n        - DynamoDBCrudPolicy: {{TableName: t{n}}}\n      Events:\n        Event: {{{event}}}\n"
        );
    }
    text
}
