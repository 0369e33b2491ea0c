# Tact for a production: no bundled server, no root. `docker compose up` puts PostgreSQL and Redis beside it.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TACT_ENV=production TACT_VAR=/var/lib/tact
RUN useradd --system --create-home --home-dir /var/lib/tact tact
WORKDIR /srv/tact

COPY requirements.lock .
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY . .
# collectstatic reads no database and no secret: it is given none.
RUN TACT_ENV=demo TACT_VAR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
    && install -d -o tact -g tact /var/lib/tact && install -d -m 700 -o tact -g tact /var/lib/tact/keys /var/lib/tact/seal /var/lib/tact/backups /var/lib/tact/shredded && mv /tmp/build/static /var/lib/tact/static && rm -rf /tmp/build

USER tact
EXPOSE 8000
HEALTHCHECK CMD ["python", "-m", "config.probe"]
CMD ["python", "-m", "gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--keep-alive", "75", "--preload", "--worker-tmp-dir", "/dev/shm"]
