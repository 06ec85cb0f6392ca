//! The blog over HTTP, with a database of its own for each test.

#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

use std::net::SocketAddr;

use orm_core::{Engine, assert_statements};
use orm_tests::Database;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

struct Blog {
    engine: Engine,
    address: SocketAddr,
    _database: Database,
}

impl Blog {
    async fn start() -> Blog {
        let database = Database::create().await;
        let engine = Engine::builder(database.url()).pool_size(4).connect().await.unwrap();
        blog::create_tables(&engine).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(axum::serve(listener, blog::router(engine.clone())).into_future());
        Blog { engine, address, _database: database }
    }

    /// The status and the JSON of an answer.
    async fn send(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: blog\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.send("GET", path, None).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    async fn add(&self, path: &str, body: Value) -> i64 {
        let (status, body) = self.send("POST", path, Some(body)).await;
        assert_eq!(status, 201, "{body}");
        body["id"].as_i64().unwrap()
    }

    async fn add_post(&self, user: i64, title: &str, tags: &[&str]) -> i64 {
        self.add("/posts", json!({ "user_id": user, "title": title, "text": "..", "tags": tags })).await
    }
}

#[tokio::test]
async fn a_post_is_read_with_its_author_tags_and_comments_in_a_few_statements() {
    let blog = Blog::start().await;
    let ann = blog.add("/users", json!({ "name": "Ann" })).await;
    let ben = blog.add("/users", json!({ "name": "Ben" })).await;
    let post = blog.add_post(ann, "Hello", &["rust", "db"]).await;
    for (user, text) in [(ben, "first"), (ann, "second"), (ben, "third")] {
        blog.add(&format!("/posts/{post}/comments"), json!({ "user_id": user, "text": text })).await;
    }
    let path = format!("/posts/{post}");
    let page = assert_statements!(blog.engine, 5, blog.get(&path).await);
    assert_eq!(page["author"]["name"], "Ann");
    assert_eq!(page["tags"].as_array().unwrap().len(), 2);
    let comments = page["comments"].as_array().unwrap();
    let told: Vec<_> =
        comments.iter().map(|comment| (&comment["author"]["name"], &comment["text"])).collect();
    assert_eq!(told.len(), 3);
    assert!(told[0] == (&json!("Ben"), &json!("first")) && told[1].0 == "Ann", "{told:?}");
}

#[tokio::test]
async fn a_list_takes_three_statements_however_long_it_is() {
    let blog = Blog::start().await;
    let ann = blog.add("/users", json!({ "name": "Ann" })).await;
    for number in 0..25 {
        blog.add_post(ann, &format!("post {number}"), if number % 2 == 0 { &["even"] } else { &[] }).await;
    }
    let page = assert_statements!(blog.engine, 3, blog.get("/posts").await);
    let rows = page["rows"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[0]["title"], &rows[0]["comments"]), (20, &json!("post 24"), &json!(0)));
    let next = page["next"].as_str().unwrap();
    let rest = blog.get(&format!("/posts?cursor={next}")).await;
    assert_eq!(rest["rows"].as_array().unwrap().len(), 5);
    assert_eq!(rest["next"], Value::Null);
    let even = blog.get("/posts?tag=even").await;
    assert_eq!(even["rows"].as_array().unwrap().len(), 13);
    let users = assert_statements!(blog.engine, 1, blog.get("/users").await);
    assert_eq!(users["rows"], json!([{ "id": ann, "name": "Ann", "posts": 25 }]));
}

#[tokio::test]
async fn a_post_is_changed_with_its_tags_by_the_rows_that_differ() {
    let blog = Blog::start().await;
    let ann = blog.add("/users", json!({ "name": "Ann" })).await;
    let post = blog.add_post(ann, "Hello", &["a", "b"]).await;
    let recording = blog.engine.record();
    let body = json!({ "user_id": ann, "title": "Bye", "text": "..", "tags": ["b", "c"] });
    let (status, _) = blog.send("PUT", &format!("/posts/{post}"), Some(body)).await;
    assert_eq!(status, 204);
    let writes = ["INSERT INTO \"tags\"", "INSERT INTO \"post_tags\"", "DELETE FROM", "UPDATE \"posts\""];
    let statements = recording.statements();
    for write in writes {
        let count = statements.iter().filter(|statement| statement.sql.contains(write)).count();
        assert_eq!(count, 1, "{write}: {statements:#?}");
    }
    let page = blog.get(&format!("/posts/{post}")).await;
    assert_eq!((&page["title"], &page["tags"]), (&json!("Bye"), &json!([{ "name": "b" }, { "name": "c" }])));
}

#[tokio::test]
async fn errors_have_their_status() {
    let blog = Blog::start().await;
    let ann = blog.add("/users", json!({ "name": "Ann" })).await;
    let user = json!({ "name": "Ann" });
    let post = json!({ "user_id": ann + 100, "title": "a", "text": "b", "tags": ["new"] });
    for (method, path, body, expected) in [
        ("POST", "/users", Some(user), 409),
        ("POST", "/posts", Some(post), 422),
        ("GET", "/posts/7", None, 404),
        ("DELETE", "/posts/7", None, 404),
        ("GET", "/posts?cursor=forged", None, 400),
    ] {
        let (status, answer) = blog.send(method, path, body).await;
        assert_eq!(status, expected, "{method} {path}: {answer}");
    }
    let even = blog.get("/posts?tag=new").await;
    assert_eq!(even["rows"], json!([]), "nothing of a post that was refused is there");
}
