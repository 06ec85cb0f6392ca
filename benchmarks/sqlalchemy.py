"""SQLAlchemy's async ORM on asyncpg: the same work, and the same line of measurements, as the other contestants.

    sqlalchemy.py JOB    # as JSON; see src/measure.rs
"""

import sys

# This file has the name of what it imports.
sys.path.pop(0)

import asyncio
import json
import resource
import time
from typing import Optional
from urllib.parse import unquote, urlsplit

from sqlalchemy import BigInteger, ForeignKey, Identity, Integer, Text, select, update
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

ALL_BITS = (1 << 64) - 1


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    hair_color: Mapped[Optional[str]] = mapped_column(Text)
    posts: Mapped[list["Post"]] = relationship(back_populates="user")


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[Optional[str]] = mapped_column(Text)
    user: Mapped[User] = relationship(back_populates="posts")
    comments: Mapped[list["Comment"]] = relationship(back_populates="post")


class Comment(Base):
    __tablename__ = "comments"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    post_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("posts.id"))
    text: Mapped[str] = mapped_column(Text)
    post: Mapped[Post] = relationship(back_populates="comments")


class Account(Base):
    __tablename__ = "pgbench_accounts"
    aid: Mapped[int] = mapped_column(Integer, primary_key=True)
    abalance: Mapped[int] = mapped_column(Integer)


class Teller(Base):
    __tablename__ = "pgbench_tellers"
    tid: Mapped[int] = mapped_column(Integer, primary_key=True)
    tbalance: Mapped[int] = mapped_column(Integer)


class Branch(Base):
    __tablename__ = "pgbench_branches"
    bid: Mapped[int] = mapped_column(Integer, primary_key=True)
    bbalance: Mapped[int] = mapped_column(Integer)


class History(Base):
    __tablename__ = "pgbench_history"
    tid: Mapped[int] = mapped_column(Integer, primary_key=True)
    bid: Mapped[int] = mapped_column(Integer, primary_key=True)
    aid: Mapped[int] = mapped_column(Integer, primary_key=True)
    delta: Mapped[int] = mapped_column(Integer, primary_key=True)


def digest_user(user):
    color = 1 if user.hair_color is None else len(user.hair_color) * 3
    return user.id * 31 + len(user.name) * 7 + color


def digest_post(post):
    body = 2 if post.body is None else len(post.body) * 11
    return post.id * 131 + post.user_id * 17 + len(post.title) * 5 + body


def digest_comment(comment):
    return comment.id * 257 + comment.post_id * 19 + len(comment.text) * 13


class Numbers:
    """The same numbers in every run, and in every contestant."""

    def __init__(self, seed):
        self.state = (seed * 0x9E3779B97F4A7C15) & ALL_BITS | 1

    def below(self, limit):
        state = self.state
        state ^= (state << 13) & ALL_BITS
        state ^= state >> 7
        state ^= (state << 17) & ALL_BITS
        self.state = state
        return state % limit


def engine_of(url, connections):
    parts = urlsplit(url)
    host = unquote(parts.netloc.rpartition("@")[2].partition(":")[0])
    options = {"drivername": "postgresql+asyncpg", "username": unquote(parts.username or "") or None}
    options |= {"password": unquote(parts.password) if parts.password else None, "database": parts.path.lstrip("/")}
    if host.startswith("/"):
        options["query"] = {"host": host}
    else:
        options |= {"host": host, "port": parts.port}
    return create_async_engine(URL.create(**options), pool_size=connections, max_overflow=0)


class Contestant:
    def __init__(self, job):
        self.engine = engine_of(job["url"], job["connections"])
        self.session = async_sessionmaker(self.engine, expire_on_commit=False)
        color = [None, "black", "brown"]
        self.rows = [(f"User {i}", color[i % 3]) for i in range(job["size"] if job["workload"] == "Insert" else 0)]

    async def load(self):
        async with self.session() as session:
            users = (await session.scalars(select(User))).all()
        return len(users), sum(map(digest_user, users))

    async def join(self):
        pairs = select(User, Post).outerjoin(Post, Post.user_id == User.id)
        pairs = pairs.where(User.hair_color == "black").order_by(User.name.desc())
        async with self.session() as session:
            rows = (await session.execute(pairs)).all()
        return len(rows), sum(digest_user(u) + (digest_post(p) if p is not None else 0) for u, p in rows)

    async def insert(self):
        async with self.session() as session:
            users = [User(name=name, hair_color=color) for name, color in self.rows]
            session.add_all(users)
            await session.commit()
            return len(users), sum(user.id for user in users)

    async def posts(self):
        async with self.session() as session:
            users = (await session.scalars(select(User).options(selectinload(User.posts)))).all()
        count = total = 0
        for user in users:
            total += digest_user(user) + user.id * len(user.posts) + sum(map(digest_post, user.posts))
            count += len(user.posts)
        return count, total

    async def related(self):
        tree = select(User).options(selectinload(User.posts).selectinload(Post.comments))
        async with self.session() as session:
            users = (await session.scalars(tree)).all()
        count = total = 0
        for user in users:
            below = 0
            for post in user.posts:
                total += digest_post(post) + sum(map(digest_comment, post.comments))
                below += len(post.comments)
            count += below
            total += digest_user(user) + user.id * below
        return count, total

    async def by_key(self, key):
        async with self.session() as session:
            return 1, digest_user(await session.get(User, key))

    async def change(self, key, revision):
        async with self.session() as session:
            user = await session.get(User, key)
            digest = digest_user(user)
            user.name = f"User {key} {revision % 10}"
            await session.commit()
        return 1, digest

    async def flush(self, revision):
        async with self.session() as session:
            users = (await session.scalars(select(User))).all()
            digest = len(users), sum(map(digest_user, users))
            for user in users:
                user.name = f"User {user.id} {revision % 10}"
            await session.commit()
        return digest

    async def stream(self):
        count = total = 0
        async with self.session() as session:
            users = await session.stream_scalars(select(User).execution_options(yield_per=1000))
            async for user in users:
                count += 1
                total += digest_user(user)
        return count, total

    async def tpcb(self, numbers, branches):
        account = numbers.below(100_000 * branches) + 1
        branch = numbers.below(branches) + 1
        teller = numbers.below(10 * branches) + 1
        delta = numbers.below(10_001) - 5000
        off = {"synchronize_session": False}
        statements = [
            update(Account).where(Account.aid == account).values(abalance=Account.abalance + delta),
            update(Teller).where(Teller.tid == teller).values(tbalance=Teller.tbalance + delta),
            update(Branch).where(Branch.bid == branch).values(bbalance=Branch.bbalance + delta),
        ]
        async with self.session() as session:
            await session.execute(statements[0], execution_options=off)
            await session.scalar(select(Account.abalance).where(Account.aid == account))
            await session.execute(statements[1], execution_options=off)
            await session.execute(statements[2], execution_options=off)
            session.add(History(tid=teller, bid=branch, aid=account, delta=delta))
            await session.commit()
        return 0, 0


class Work:
    def __init__(self, job):
        self.job = job
        self.contestant = Contestant(job)
        self.done = 0

    async def operate(self, numbers):
        workload, size, contestant = self.job["workload"], self.job["size"], self.contestant
        revision, self.done = self.done, self.done + 1
        if workload in ("ByKey", "ByKeyPooled"):
            return await contestant.by_key(numbers.below(size) + 1)
        if workload == "Change":
            return await contestant.change(1 if revision < 2 else numbers.below(size) + 1, revision)
        if workload == "Flush":
            return await contestant.flush(revision)
        if workload == "TpcB":
            return await contestant.tpcb(numbers, size)
        return await {
            "Load": contestant.load,
            "Join": contestant.join,
            "Insert": contestant.insert,
            "Posts": contestant.posts,
            "Related": contestant.related,
            "Stream": contestant.stream,
        }[workload]()

    async def phase(self, milliseconds, seed):
        """All tasks work for a time; gives the number of operations they did."""
        before, until = self.done, time.perf_counter() + milliseconds / 1000

        async def task(number):
            numbers = Numbers(seed + number)
            while True:
                await self.operate(numbers)
                if time.perf_counter() >= until:
                    return

        await asyncio.gather(*(task(number) for number in range(self.job["tasks"])))
        return self.done - before

    async def first(self):
        """The digest of the first two operations, as the floor has it."""
        workload, numbers = self.job["workload"], Numbers(42)
        if workload == "TpcB":
            return 0, 0
        if workload == "ByKeyPooled":
            found = [await self.contestant.by_key(key) for key in (1, 2)]
        else:
            found = [await self.operate(numbers), await self.operate(numbers)]
        return tuple(map(sum, zip(*found)))


def peak_memory():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


async def main():
    job = json.loads(sys.argv[1])
    work = Work(job)
    single = job["workload"] == "Stream"
    if not single:
        digest = await work.first()
        await work.phase(job["warm_milliseconds"], 1000)
    used, began, before = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter(), work.done
    if single:
        digest = await work.operate(Numbers(42))
    else:
        await work.phase(job["milliseconds"], 5000)
    wall, now = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    operations = work.done - before
    print(json.dumps({
        "operations": operations,
        "wall": wall / operations * 1e6,
        "user": (now.ru_utime - used.ru_utime) / operations * 1e6,
        "system": (now.ru_stime - used.ru_stime) / operations * 1e6,
        "peak_memory": peak_memory(),
        "digest": {"rows": digest[0], "sum": digest[1] & ALL_BITS},
        "all_operations": work.done,
    }))
    await work.contestant.engine.dispose()


try:
    import uvloop
except ImportError:
    asyncio.run(main())
else:
    uvloop.run(main())
