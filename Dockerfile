# docker build -t heygem-export .
# docker run -d --name heygem-export -p 8080:8080 -v /srv/heygem/outputs:/data/outputs:ro \
#   -v heygem-temp:/data/temp -v heygem-app:/data/app heygem-export
ARG DOTNET=10.0
FROM mcr.microsoft.com/dotnet/sdk:${DOTNET} AS build
WORKDIR /source

# The packages change seldom: this layer is kept as long as these files stand still.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY src/HeyGemExport/HeyGemExport.csproj src/HeyGemExport/packages.lock.json src/HeyGemExport/
RUN dotnet restore src/HeyGemExport/HeyGemExport.csproj --locked-mode

COPY .editorconfig BannedSymbols.txt appsettings.json ./
COPY src/ src/
RUN dotnet publish src/HeyGemExport/HeyGemExport.csproj --no-restore --configuration Release --output /app \
      -p:UseAppHost=false -p:DebugType=none && \
    find /app/runtimes -mindepth 1 -maxdepth 1 ! -name linux-x64 ! -name linux-arm64 -exec rm -r {} +

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="HeyGem Export" \
      org.opencontainers.image.description="Packs finished digital-human videos into one verified ZIP" \
      org.opencontainers.image.version="${VERSION}"
WORKDIR /app
COPY --from=build /app ./

# A new named volume takes over the owner and mode of the folder that it covers. They are open to everyone in the image, so that
# another user may take the app's place (--user); nobody else is in it.
RUN mkdir -p /data/outputs /data/temp /data/app && chown -R "$APP_UID:$APP_UID" /data && chmod 0777 /data/temp /data/app

ENV ASPNETCORE_HTTP_PORTS="" \
    ASPNETCORE_URLS=http://0.0.0.0:8080 \
    LANG=C.UTF-8 \
    DOTNET_EnableDiagnostics=0 \
    Library__OutputsPath=/data/outputs \
    Exports__TempPath=/data/temp \
    Data__Path=/data/app \
    Logs__Path=/data/app/logs
VOLUME ["/data/temp", "/data/app"]
EXPOSE 8080
USER $APP_UID
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=30s --timeout=15s --start-period=20s CMD ["dotnet", "HeyGemExport.dll", "health"]
ENTRYPOINT ["dotnet", "HeyGemExport.dll"]
