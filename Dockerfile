FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# The project files first: as long as they stay the same, the packages are not fetched again.
COPY .editorconfig Directory.Build.props Directory.Packages.props ./
COPY Integrations.Core/Integrations.Core.csproj Integrations.Core/
COPY Integrations.Web/Integrations.Web.csproj Integrations.Web/
COPY Integrations.Web/build/ Integrations.Web/build/
RUN dotnet restore Integrations.Web/Integrations.Web.csproj

COPY appsettings.json ./
COPY Integrations.Core/ Integrations.Core/
COPY Integrations.Web/ Integrations.Web/
RUN dotnet publish Integrations.Web/Integrations.Web.csproj -c Release -o /published --no-restore -p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# The hub uses the distribution's SQLite, which gets security updates.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsqlite3-0 tzdata \
    && rm -rf /var/lib/apt/lists/*

# Owned before VOLUME and USER, so that a fresh volume is writable without root.
RUN mkdir /data && chown $APP_UID:$APP_UID /data
WORKDIR /app
COPY --from=build /published ./

ENV Data__Directory=/data \
    ASPNETCORE_HTTP_PORTS=8080 \
    Logging__Console__FormatterName=json
USER $APP_UID
VOLUME /data
EXPOSE 8080
# The image has no curl; the app asks itself.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["dotnet", "Integrations.Web.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "Integrations.Web.dll"]
