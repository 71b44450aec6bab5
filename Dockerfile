# docker build -t heygem-export .
# docker run -p 8080:8080 -v /path/to/outputs:/data/outputs:ro -v heygem-temp:/data/temp -v heygem-data:/data/data \
#   -v heygem-logs:/data/logs heygem-export
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# The job engine: Hangfire where its packages restore, and else Quartz, which false asks for at once.
ARG HANGFIRE=true

# The packages change seldom: this layer is kept as long as these files stand still.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/HeyGemExport/HeyGemExport.csproj src/HeyGemExport/packages.lock.json src/HeyGemExport/
COPY src/HeyGemExport.Hangfire/HeyGemExport.Hangfire.csproj src/HeyGemExport.Hangfire/Engine.* src/HeyGemExport.Hangfire/
RUN dotnet restore src/HeyGemExport/HeyGemExport.csproj -p:Hangfire=$HANGFIRE

COPY .editorconfig BannedSymbols.txt appsettings.json ./
COPY src/ src/
RUN dotnet publish src/HeyGemExport/HeyGemExport.csproj -p:Hangfire=$HANGFIRE --no-restore --configuration Release --output /app -p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./

# A new named volume takes over the owner of the folder that it covers, so the app may write it.
RUN mkdir -p /data/outputs /data/temp /data/data /data/logs && chown -R "$APP_UID" /data

ENV ASPNETCORE_URLS=http://0.0.0.0:8080 \
    Library__OutputsPath=/data/outputs \
    Exports__TempPath=/data/temp \
    Data__Path=/data/data \
    Logs__Path=/data/logs
VOLUME ["/data/temp", "/data/data", "/data/logs"]
EXPOSE 8080
USER $APP_UID

HEALTHCHECK --interval=30s --timeout=15s --start-period=20s CMD ["dotnet", "HeyGemExport.dll", "health"]
ENTRYPOINT ["dotnet", "HeyGemExport.dll"]
