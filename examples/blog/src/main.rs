//! Serves the blog on port 3000, from the database of `DATABASE_URL`.

use orm_core::Engine;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::builder(std::env::var("DATABASE_URL")?).connect().await?;
    blog::create_tables(&engine).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}/posts", listener.local_addr()?);
    axum::serve(listener, blog::router(engine)).await?;
    Ok(())
}
